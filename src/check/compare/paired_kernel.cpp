#include "check/compare/paired_kernel.hpp"

#include <utility>

namespace attest::check {

kernel::RunOutcome PairedKernel::run(const Problem& problem, const kernel::RunOptions& options) {
  if (next_) return *std::exchange(next_, std::nullopt);
  if (!together_) return own_.run(problem, options);
  const Problem fitted = fit_(problem);
  kernel::RunOutcome mine = own_.run(fitted, options);
  if (mine.status == kernel::RunStatus::unsupported) return mine;
  kernel::RunOutcome others = other_.run(fitted, options);
  return others.status == kernel::RunStatus::unsupported ? others : mine;
}

void PairedKernel::forget() {
  own_.forget();
  if (together_) other_.forget();
}

void PairedKernel::prefetch(const std::vector<Problem>& problems, std::chrono::milliseconds time_limit) {
  own_.prefetch(problems, time_limit);
  other_.prefetch(problems, time_limit);
}

}  // namespace attest::check
