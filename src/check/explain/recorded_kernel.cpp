#include "check/explain/recorded_kernel.hpp"

#include <algorithm>
#include <variant>

#include "check/record/problem_size.hpp"
#include "problem/inputs.hpp"

namespace attest::check {
namespace {

constexpr std::size_t kMostEntries = 64;
constexpr std::int64_t kMostElements = 1 << 18;  // of an entry's inputs and output

std::int64_t elements_of_entry(const Problem& p) {
  return elements_of(p) + p.batch() * p.q_heads() * p.q_len() * p.v_dim();
}

bool same_options(const kernel::RunOptions& a, const kernel::RunOptions& b) {
  return a.prefill == b.prefill && a.fresh_memory == b.fresh_memory && a.placement == b.placement &&
         a.threads == b.threads && a.measure_heap == b.measure_heap;
}

bool same_inputs(const Problem& a, const Problem& b) {
  return std::all_of(kInputs.begin(), kInputs.end(), [&](const Input& input) {
    const Tensor* one = input.of(a);
    const Tensor* other = input.of(b);
    if (one == nullptr || other == nullptr) return one == other;
    return same_in_memory(*one, *other);
  });
}

bool same_scalars(const Problem& a, const Problem& b) {
  return std::all_of(kScalars.begin(), kScalars.end(), [&](const Scalar& scalar) {
    return std::visit([&](auto at) { return a.*at == b.*at; }, scalar.member);
  });
}

}  // namespace

bool same_problem(const Problem& a, const Problem& b) {
  return a.want_lse == b.want_lse && a.q_is_k == b.q_is_k && a.k_is_v == b.k_is_v &&
         a.out_strides == b.out_strides && a.lse_strides == b.lse_strides && same_scalars(a, b) &&
         same_inputs(a, b);
}

kernel::RunOutcome RecordedKernel::run(const Problem& problem, const kernel::RunOptions& options) {
  const auto known = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return same_options(entry.options, options) && same_problem(entry.problem, problem);
  });
  if (known != entries_.end()) return known->outcome;
  kernel::RunOutcome outcome = kernel_.run(problem, options);
  if (elements_of_entry(problem) > kMostElements) return outcome;
  if (entries_.size() == kMostEntries) entries_.pop_front();
  entries_.push_back({problem, options, outcome});
  return outcome;
}

void RecordedKernel::forget() {
  entries_.clear();
  kernel_.forget();
}

}  // namespace attest::check
