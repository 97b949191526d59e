#include <cmath>

#include "check/promises/parts.hpp"
#include "check/promises/predicates.hpp"

namespace attest::check::promised {

std::vector<Promise> score_inputs() {
  constexpr std::string_view kBias =
      "f32, added to the score, [batch|1, q_heads|1, q_len|1, kv_len]; finite or -inf (masks); NULL: none";
  constexpr std::string_view kMask =
      "u8, same shape rule, values 0 and 1 only, 1 = visible; NULL: all visible";
  constexpr std::string_view kSink =
      "f32 [q_heads]: one more score in the denominator, with no value; finite or -inf (none); NULL: none";
  constexpr std::string_view kLengths = "i32 [batch]: keys at and past kv_lens[b] are padding; NULL: none";
  constexpr std::string_view kSoftcap = "s <- softcap * tanh(s / softcap) before bias and mask; 0: none";
  return {
      {"keys to the left", "keys further than this to the left are masked; -1: no limit",
       ATTEST_CASE(hides(p, [](Problem& c) { c.window_left = -1; })), "library:window_oldest_token"},
      {"keys to the right", "likewise to the right",
       ATTEST_CASE(hides(p, [](Problem& c) { c.window_right = -1; })), "plain:window_right_ignored"},
      {"softcap before masks", kSoftcap,
       ATTEST_CASE(p.softcap != 0 && some_row(p,
                                              [&](auto b, auto h, auto i) {
                                                const auto n = static_cast<std::int64_t>(
                                                    oracle::visible_keys(p, b, h, i).size());
                                                return n > 0 && n < p.kv_len();
                                              })),
       "library:softcap_after_mask"},
      {"a bias for each batch", kBias, ATTEST_CASE(own(p, 0)), "plain:bias_one_batch"},
      {"a bias for each head", kBias, ATTEST_CASE(own(p, 1)), "plain:bias_one_head"},
      {"a bias for each row", kBias, ATTEST_CASE(own(p, 2)), "plain:bias_one_row"},
      {"a bias for all batches", kBias, ATTEST_CASE(shared(p, 0, p.batch())), "library:mask_head_broadcast"},
      {"a bias for all heads", kBias, ATTEST_CASE(shared(p, 1, p.q_heads())), "library:mask_head_broadcast"},
      {"a bias for all rows", kBias, ATTEST_CASE(shared(p, 2, p.q_len())), "library:mask_row_stride"},
      {"finite biases that hide", kBias,
       ATTEST_CASE(holds(p.bias, [](double x) { return x <= -1e9 && std::isfinite(x); })), "plain:exp_wraps"},
      {"tiles that finite biases hide", kBias,
       ATTEST_CASE(holds(p.bias, [](double x) { return x <= -1e4 && std::isfinite(x); })),
       "plain:stops_at_low_tile"},
      {"masked keys", kMask, ATTEST_CASE(holds(p.mask, [](double x) { return x == 0; })),
       "library:mask_fill_finite"},
      {"slopes for each head", "f32 [q_heads]: adds -slope * |pos(i) - j|; NULL: none",
       ATTEST_CASE(differs(p.alibi_slopes)), "plain:slope_of_head_0"},
      {"a sink for each head", kSink, ATTEST_CASE(differs(p.sink)), "plain:sink_of_head_0"},
      {"a sink of -inf", kSink, ATTEST_CASE(holds(p.sink, [](double x) { return x == -HUGE_VAL; })),
       "plain:sink_minus_infinity_is_0"},
      {"lengths for each batch", kLengths, ATTEST_CASE(differs(p.kv_lens)), "plain:kv_lens_of_batch_0"},
      {"a length of 0", kLengths,
       ATTEST_CASE(p.kv_lens && some_batch(p, [&](auto b) { return oracle::keys_of(p, b) == 0; })),
       "plain:fails_at_length_0"},
  };
}

}  // namespace attest::check::promised
