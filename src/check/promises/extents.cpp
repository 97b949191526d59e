#include "check/promises/parts.hpp"
#include "check/promises/predicates.hpp"

namespace attest::check::promised {

std::vector<Promise> extents() {
  constexpr std::string_view kQ = "[batch, q_heads, q_len, qk_dim]";
  constexpr std::string_view kK = "[batch, kv_heads, kv_len, qk_dim]";
  constexpr std::string_view kV = "[batch, kv_heads, kv_len, v_dim]";
  constexpr std::string_view kOut = "[batch, q_heads, q_len, v_dim]";
  constexpr std::string_view kLse =
      "[batch, q_heads, q_len] f32 (f64 when q is f64), natural log; NULL: not wanted";
  return {
      {"several batches", kQ, ATTEST_CASE(p.batch() > 1 && any_key(p)), "plain:batch_0"},
      {"batches above 4", kQ, ATTEST_CASE(p.batch() > 4 && any_key(p)), "plain:four_batches"},
      {"heads above 32", kQ, ATTEST_CASE(p.q_heads() > 32 && p.kv_heads() > 1 && any_key(p)),
       "plain:thirty_two_heads"},
      {"groups above 16", kHeadsQuote,
       ATTEST_CASE(p.q_heads() / p.kv_heads() > 16 && p.q_heads() / p.kv_heads() % 16 != 0 &&
                   p.kv_heads() > 1 && any_key(p)),
       "plain:group_in_tiles_of_16"},
      {"rows above 1024", kQ, ATTEST_CASE(p.q_len() > 1024 && any_key(p)), "plain:rows_past_1024"},
      {"head dims above 128", kK, ATTEST_CASE(p.qk_dim() > 128 && any_key(p)), "plain:dims_past_128"},
      {"qk_dim other than v_dim", kV, ATTEST_CASE(p.qk_dim() != p.v_dim() && any_key(p)),
       "library:key_offset_16_bits"},
      {"every row and channel", kOut, ATTEST_CASE(p.q_len() > 1 && p.v_dim() > 1 && any_key(p)),
       "library:rows_transposed"},
      {"the lse's base", kLse, ATTEST_CASE(p.want_lse && (sees_a_key(p) || finite_sink(p))),
       "plain:lse_base2"},
      {"the lse of f64", kLse, ATTEST_CASE(p.want_lse && is_dtype(p, DType::f64)),
       "library:lse_base2_merged"},
      {"no lse", kLse, ATTEST_CASE(!p.want_lse), "plain:fails_without_lse"},
  };
}

}  // namespace attest::check::promised
