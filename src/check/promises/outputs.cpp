#include "check/promises/parts.hpp"
#include "check/promises/predicates.hpp"

namespace attest::check::promised {

std::vector<Promise> outputs() {
  constexpr std::string_view kMean = "The output is the softmax-weighted mean of the visible values";
  return {
      {"weights", kMean, ATTEST_CASE(sees_a_key(p)), "library:values_mean"},
      {"a maximum that changes", kMean, ATTEST_CASE(sees_a_key(p) && p.kv_len() > 8),
       "plain:rescale_missing"},
      {"maxima of neighbouring rows apart", kMean,
       ATTEST_CASE(plan.family == index_of(FamilyId::rows_apart) && p.q_len() > 1),
       "plain:reference_of_pair"},
      {"huge scores", kMean, ATTEST_CASE(plan.family == index_of(FamilyId::huge_scores) && any_key(p)),
       "plain:maximum_folded"},
      {"sink", "a sink's weight counts in the denominator only.",
       ATTEST_CASE(finite_sink(p) && p.batch() * p.q_len() > 0), "plain:sink_ignored"},
      {"the sink in the lse", "lse includes the sink.", ATTEST_CASE(finite_sink(p) && p.want_lse),
       "plain:lse_without_sink"},
      {"empty rows",
       "A row with no visible key gives output 0 and lse = -inf, or the sink where there is one.",
       ATTEST_CASE(some_empty_row(p)), "plain:nan_on_empty"},
      {"the lse of empty rows",
       "A row with no visible key gives output 0 and lse = -inf, or the sink where there is one.",
       ATTEST_CASE(p.want_lse && some_empty_row(p)), "plain:lse_0_on_empty"},
      {"the lse of empty rows with a sink",
       "A row with no visible key gives output 0 and lse = -inf, or the sink where there is one.",
       ATTEST_CASE(p.want_lse && finite_sink(p) && some_empty_row(p)), "plain:sink_lost_on_empty"},
      {"NaN in a value",
       "NaN in a visible value that has more than half of a row's weight gives NaN in that channel of the "
       "row",
       ATTEST_CASE(meets_nan(plan)), "plain:nan_values_skipped"},
      {"NaN in a key", "NaN in such a key of a row with two scores or more gives NaN in all its channels.",
       ATTEST_CASE(meets_nan(plan) && p.kv_len() > 1 && p.scale != 0), "plain:nan_scores_skipped"},
      {"NaN in tiles", "NaN in such a key of a row with two scores or more gives NaN in all its channels.",
       ATTEST_CASE(meets_nan(plan) && p.kv_len() > 1 && p.scale != 0 && p.q_len() > 63),
       "plain:nan_lost_in_tiles"},
      {"NaN elsewhere",
       "No row of another batch or key/value head is affected, nor, by NaN in a query, any other row.",
       ATTEST_CASE(meets_nan(plan) && p.batch() * p.q_heads() * p.q_len() > 1), "plain:nan_spreads"},
  };
}

}  // namespace attest::check::promised
