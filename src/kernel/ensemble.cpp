#include "kernel/ensemble.hpp"

#include "problem/outputs.hpp"

namespace attest::kernel {
namespace {

bool same_answer(const RunOutcome& a, const RunOutcome& b) {
  const bool told_alike = a.status == b.status && a.code == b.code && a.detail == b.detail &&
                          a.trespass == b.trespass && a.environment == b.environment;
  return told_alike && (a.status != RunStatus::ok || same_in_memory(a.result, b.result));
}

}  // namespace

RunOutcome Ensemble::run(const Problem& problem, const RunOptions& options) {
  RunOutcome first = kernels_.front()->run(problem, options);
  for (std::size_t k = 1; k < kernels_.size(); ++k) {
    if (same_[k]) same_[k] = same_answer(first, kernels_[k]->run(problem, options));
  }
  return first;
}

void Ensemble::forget() {
  for (Kernel* kernel : kernels_) kernel->forget();
}

bool Ensemble::alike(const Kernel& a, const Kernel& b) {
  const KernelInfo& x = a.info();
  const KernelInfo& y = b.info();
  return x.version == y.version && x.contract == y.contract && x.alignment == y.alignment &&
         x.kv_lens_by_mask == y.kv_lens_by_mask && x.threads == y.threads &&
         a.takes_layouts() == b.takes_layouts() && !a.prefers_batches() && !b.prefers_batches() &&
         !a.starts_for_each_call() && !b.starts_for_each_call();
}

}  // namespace attest::kernel
