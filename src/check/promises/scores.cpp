#include <cmath>

#include "check/promises/parts.hpp"
#include "check/promises/predicates.hpp"

namespace attest::check::promised {

std::vector<Promise> scores() {
  constexpr std::string_view kScore = "A score is softcap(scale * q.k) + bias - slope * |pos(i) - j|.";
  return {
      {"groups of query heads", kHeadsQuote,
       ATTEST_CASE(p.kv_heads() > 1 && p.q_heads() > p.kv_heads() && any_key(p)), "plain:head_map"},
      {"one key/value head", kHeadsQuote, ATTEST_CASE(p.kv_heads() == 1 && p.q_heads() > 1 && any_key(p)),
       "library:head_by_kv_heads"},
      {"scale", kScore, ATTEST_CASE(p.scale != 1 && sees_a_key(p)), "library:scale_missing"},
      {"a negative scale", kScore, ATTEST_CASE(p.scale < 0 && sees_a_key(p)), "plain:scale_absolute"},
      {"a scale of 0", kScore, ATTEST_CASE(p.scale == 0 && sees_a_key(p)), "plain:zero_scale_is_default"},
      {"softcap", kScore, ATTEST_CASE(p.softcap != 0 && sees_a_key(p)), "plain:softcap_ignored"},
      {"softcap before bias", kScore,
       ATTEST_CASE(p.softcap != 0 && holds(p.bias, [](double x) { return x != 0 && std::isfinite(x); }) &&
                   any_key(p)),
       "plain:softcap_after_bias"},
      {"scale before softcap", "multiplies q.k, before softcap",
       ATTEST_CASE(p.softcap != 0 && p.scale != 1 && sees_a_key(p)), "plain:scale_after_softcap"},
      {"bias", kScore,
       ATTEST_CASE(holds(p.bias, [](double x) { return x != 0 && std::isfinite(x); }) && any_key(p)),
       "plain:bias_ignored"},
      {"ALiBi", kScore, ATTEST_CASE(p.alibi_slopes && sees_a_key(p)), "plain:slope_added"},
      {"a negative slope", kScore,
       ATTEST_CASE(holds(p.alibi_slopes, [](double x) { return x < 0; }) && any_key(p)),
       "plain:slope_absolute"},
      {"distances to keys ahead", kScore,
       ATTEST_CASE(p.alibi_slopes && some_row(p,
                                              [&](auto b, auto h, auto i) {
                                                const auto keys = oracle::visible_keys(p, b, h, i);
                                                return !keys.empty() &&
                                                       keys.back() > oracle::position_of(p, b, i);
                                              })),
       "plain:distance_signed"},
      {"distances from positions", kScore,
       ATTEST_CASE(p.alibi_slopes &&
                   some_batch(p, [&](auto b) { return oracle::position_of(p, b, 0) != 0; }) && any_key(p)),
       "plain:distance_from_row"},
  };
}

}  // namespace attest::check::promised
