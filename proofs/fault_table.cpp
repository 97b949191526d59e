#include "fault_table.hpp"

#include <algorithm>
#include <stdexcept>

#include "theorems.hpp"

namespace attest::proofs {
namespace {

const prove::Theorem& named(const std::string& name) {
  const auto found = std::find_if(theorems().begin(), theorems().end(),
                                  [&](const prove::Theorem& theorem) { return theorem.name == name; });
  if (found == theorems().end()) throw std::logic_error("no theorem " + name);
  return *found;
}

RecurrenceFault by_semantics(faults::RootCause cause, const std::string& theorem,
                             semantics::ArithmeticFault fault) {
  return {cause, theorem, named(theorem).with_fault(fault)};
}
RecurrenceFault by_twin(faults::RootCause cause, const std::string& theorem) {
  return {cause, theorem, named(theorem).twin.statement};
}

}  // namespace

std::vector<RecurrenceFault> recurrence_faults() {
  return {
      by_semantics(faults::RootCause::tail_scores_zero, "masked-keys",
                   semantics::ArithmeticFault::masked_like_score_zero),
      by_twin(faults::RootCause::softcap_after_mask, "masked-fill"),
      by_semantics(faults::RootCause::nan_masked_tile, "no-nan-f16", semantics::ArithmeticFault::unguarded),
      by_twin(faults::RootCause::initial_max_minus_1e4, "sentinel-1e4"),
      by_twin(faults::RootCause::initial_max_finite, "sentinel-5e4"),
      by_twin(faults::RootCause::mask_fill_finite, "masked-fill"),
      by_semantics(faults::RootCause::rescale_skipped, "merge-adds-sums",
                   semantics::ArithmeticFault::nothing_rescaled),
      by_semantics(faults::RootCause::rescale_numerator_skipped, "merge-adds-sums",
                   semantics::ArithmeticFault::numerator_not_rescaled),
      by_semantics(faults::RootCause::rescale_denominator_skipped, "merge-adds-sums",
                   semantics::ArithmeticFault::denominator_not_rescaled),
      by_twin(faults::RootCause::divides_in_loop, "divide-once"),
      by_twin(faults::RootCause::lse_base2_merged, "lse-merge"),
      by_twin(faults::RootCause::empty_split_lse_zero, "empty-split"),
      by_twin(faults::RootCause::accumulate_f16, "saturation-f16"),
      by_semantics(faults::RootCause::weight_not_counted, "tile-loop",
                   semantics::ArithmeticFault::weight_not_counted),
      by_twin(faults::RootCause::gradient_without_mean, "gradient"),
  };
}

}  // namespace attest::proofs
