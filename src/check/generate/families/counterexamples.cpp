#include "check/generate/families/counterexamples.hpp"

namespace attest::check {

const std::vector<Counterexample>& counterexamples() {
  static const std::vector<Counterexample> all{
      {.cause = faults::RootCause::tail_scores_zero,
       .theorem = "masked-keys",
       .keys = {{1, 0, 1}, {1, 0, 1}, {1, 0, 1}, {1, 0, 1}, {1, 0, 1}}},
      {.cause = faults::RootCause::softcap_after_mask,
       .theorem = "masked-fill",
       .keys = {{1, 0, 1}, {1, 0, 1}},
       .needs = CounterexampleNeeds::hidden_keys_softcap},
      {.cause = faults::RootCause::mask_fill_finite,
       .theorem = "masked-fill",
       .keys = {{1, 0, 1}, {1, 0, 1}},
       .needs = CounterexampleNeeds::hidden_keys},
      {.cause = faults::RootCause::rescale_skipped,
       .theorem = "merge-adds-sums",
       .keys = {{1, 0, 1}, {2, 0, 1}}},
      {.cause = faults::RootCause::rescale_numerator_skipped,
       .theorem = "merge-adds-sums",
       .keys = {{1, 0, 1}, {0.5, 1, 1}}},
      {.cause = faults::RootCause::rescale_denominator_skipped,
       .theorem = "merge-adds-sums",
       .keys = {{1, 0, 1}, {2, 0, 1}}},
      {.cause = faults::RootCause::divides_in_loop,
       .theorem = "divide-once",
       .keys = {{1, 0.5, 2}, {1, 0, 1}}},
      {.cause = faults::RootCause::lse_base2_merged, .theorem = "lse-merge", .keys = {{1, 0, 2}, {1, 0, 1}}},
      {.cause = faults::RootCause::empty_split_lse_zero,
       .theorem = "empty-split",
       .keys = {{1, 0, 1}},
       .needs = CounterexampleNeeds::hidden_keys},
      {.cause = faults::RootCause::weight_not_counted, .theorem = "tile-loop", .keys = {{1, 0, 1}}},
  };
  return all;
}

}  // namespace attest::check
