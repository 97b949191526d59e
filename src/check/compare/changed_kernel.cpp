#include "check/compare/changed_kernel.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "laws/inputs/edit.hpp"
#include "problem/problem.hpp"

namespace attest::check {
namespace {

class Changed : public kernel::Kernel {
 public:
  explicit Changed(std::unique_ptr<kernel::Kernel> kernel) : kernel_(std::move(kernel)) {}

  const kernel::KernelInfo& info() const override { return kernel_->info(); }
  bool takes_layouts() const override { return kernel_->takes_layouts(); }
  bool starts_for_each_call() const override { return kernel_->starts_for_each_call(); }
  void forget() override { kernel_->forget(); }

 protected:
  kernel::Kernel& kernel() { return *kernel_; }

 private:
  std::unique_ptr<kernel::Kernel> kernel_;
};

class WithThreads final : public Changed {
 public:
  WithThreads(std::unique_ptr<kernel::Kernel> kernel, int threads)
      : Changed(std::move(kernel)), threads_(threads) {}

  kernel::RunOutcome run(const Problem& problem, const kernel::RunOptions& options) override {
    kernel::RunOptions mine = options;
    if (mine.threads == 0) mine.threads = threads_;
    return kernel().run(problem, mine);
  }

 private:
  int threads_;
};

// Puts the batches of a part where they belong in the whole.
void put(const Tensor& part, std::int64_t first_batch, std::vector<double>& whole) {
  const std::vector<double> values = part.values();
  const std::int64_t each = part.dim(0) == 0 ? 0 : part.count() / part.dim(0);
  std::copy(values.begin(), values.end(), whole.begin() + first_batch * each);
}

class WithBatches final : public Changed {
 public:
  WithBatches(std::unique_ptr<kernel::Kernel> kernel, std::int64_t batches)
      : Changed(std::move(kernel)), batches_(batches) {}

  kernel::RunOutcome run(const Problem& problem, const kernel::RunOptions& options) override {
    if (problem.batch() <= batches_) return kernel().run(problem, options);
    kernel::RunOutcome whole;
    Result& result = whole.result;
    std::vector<double> out(
        static_cast<std::size_t>(problem.batch() * problem.q_heads() * problem.q_len() * problem.v_dim()));
    std::vector<double> lse(static_cast<std::size_t>(problem.batch() * problem.q_heads() * problem.q_len()));
    for (std::int64_t first = 0; first < problem.batch(); first += batches_) {
      std::vector<std::int64_t> batches;
      for (std::int64_t b = first; b < std::min(problem.batch(), first + batches_); ++b) batches.push_back(b);
      kernel::RunOutcome part = kernel().run(laws::with_batches(problem, batches), options);
      if (part.status != kernel::RunStatus::ok) return part;
      put(part.result.out, first, out);
      if (part.result.lse) put(*part.result.lse, first, lse);
      if (first == 0) {
        result.out = Tensor(part.result.out.dtype(), problem.out_shape());
        if (part.result.lse) result.lse = Tensor(part.result.lse->dtype(), problem.lse_shape());
      }
      // What one part did to its tensors or its process, the call did.
      if (whole.trespass == kernel::Trespass::none && part.trespass != kernel::Trespass::none) {
        whole.trespass = part.trespass;
        whole.detail = part.detail;
      }
      if (whole.environment.empty()) whole.environment = part.environment;
    }
    result.out.assign(out);
    if (result.lse) result.lse->assign(lse);
    return whole;
  }

 private:
  std::int64_t batches_;
};

}  // namespace

std::unique_ptr<kernel::Kernel> with_threads(std::unique_ptr<kernel::Kernel> kernel, int threads) {
  return std::make_unique<WithThreads>(std::move(kernel), threads);
}

std::unique_ptr<kernel::Kernel> with_batches(std::unique_ptr<kernel::Kernel> kernel, std::int64_t batches) {
  return std::make_unique<WithBatches>(std::move(kernel), batches);
}

}  // namespace attest::check
