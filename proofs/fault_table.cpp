#include "fault_table.hpp"

#include <algorithm>
#include <stdexcept>

#include "theorems.hpp"

namespace attest {
namespace {

const Theorem& named(const std::string& name) {
  const auto found = std::find_if(theorems().begin(), theorems().end(),
                                  [&](const Theorem& theorem) { return theorem.name == name; });
  if (found == theorems().end()) throw std::logic_error("no theorem " + name);
  return *found;
}

RecurrenceFault by_semantics(RootCause cause, const std::string& theorem, ArithmeticFault fault) {
  return {cause, theorem, named(theorem).with_fault(fault)};
}
RecurrenceFault by_twin(RootCause cause, const std::string& theorem) {
  return {cause, theorem, named(theorem).twin.statement};
}

}  // namespace

std::vector<RecurrenceFault> recurrence_faults() {
  return {
      by_semantics(RootCause::tail_scores_zero, "masked-keys", ArithmeticFault::masked_like_score_zero),
      by_twin(RootCause::softcap_after_mask, "masked-fill"),
      by_semantics(RootCause::nan_masked_tile, "no-nan-f16", ArithmeticFault::unguarded),
      by_twin(RootCause::initial_max_minus_1e4, "sentinel-1e4"),
      by_twin(RootCause::initial_max_finite, "sentinel-5e4"),
      by_twin(RootCause::mask_fill_finite, "masked-fill"),
      by_semantics(RootCause::rescale_skipped, "merge-adds-sums", ArithmeticFault::nothing_rescaled),
      by_semantics(RootCause::rescale_numerator_skipped, "merge-adds-sums",
                   ArithmeticFault::numerator_not_rescaled),
      by_semantics(RootCause::rescale_denominator_skipped, "merge-adds-sums",
                   ArithmeticFault::denominator_not_rescaled),
      by_twin(RootCause::divides_in_loop, "divide-once"),
      by_twin(RootCause::lse_base2_merged, "lse-merge"),
      by_twin(RootCause::empty_split_lse_zero, "empty-split"),
      by_twin(RootCause::accumulate_f16, "saturation-f16"),
      by_semantics(RootCause::weight_not_counted, "tile-loop", ArithmeticFault::weight_not_counted),
      by_twin(RootCause::gradient_without_mean, "gradient"),
  };
}

}  // namespace attest
