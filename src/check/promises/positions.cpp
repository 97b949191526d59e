#include <algorithm>
#include <limits>

#include "check/promises/parts.hpp"
#include "check/promises/predicates.hpp"

namespace attest::check::promised {

std::vector<Promise> positions() {
  constexpr std::string_view kLengths = "With n = kv_lens[b] where given, else kv_len";
  constexpr std::string_view kTopLeft = "pos(i) = i under TOP_LEFT";
  constexpr std::string_view kOtherwise = "otherwise i + n - q_len";
  return {
      {"n is kv_lens[b]", kLengths, ATTEST_CASE(hides(p, [](Problem& c) { c.kv_lens.reset(); })),
       "plain:kv_lens_ignored"},
      {"n is kv_len", kLengths, ATTEST_CASE(!p.kv_lens && sees_a_key(p)), "plain:last_key_dropped"},
      {"positions under TOP_LEFT", kTopLeft,
       ATTEST_CASE(p.causal == Causal::top_left && any_key(p) &&
                   some_batch(p, [&](auto b) { return oracle::keys_of(p, b) != p.q_len(); })),
       "plain:top_left_from_the_end"},
      {"positions under BOTTOM_RIGHT", kOtherwise,
       ATTEST_CASE(p.causal == Causal::bottom_right && any_key(p) &&
                   some_batch(p, [&](auto b) { return oracle::keys_of(p, b) != p.q_len(); })),
       "plain:bottom_right_from_the_start"},
      {"positions count from kv_lens", kOtherwise,
       ATTEST_CASE(p.kv_lens && p.causal != Causal::top_left && positions_matter(p) && any_key(p) &&
                   some_batch(p, [&](auto b) { return oracle::keys_of(p, b) != p.kv_len(); })),
       "plain:position_by_kv_len"},
      {"positions without causality", kOtherwise,
       ATTEST_CASE(p.causal == Causal::none && (windowed(p) || p.alibi_slopes) && any_key(p) &&
                   some_batch(p, [&](auto b) { return oracle::keys_of(p, b) != p.q_len(); })),
       "plain:uncausal_from_the_start"},
      {"rows before the first key", kOtherwise,
       ATTEST_CASE(p.causal == Causal::bottom_right && any_key(p) &&
                   some_batch(p, [&](auto b) { return oracle::position_of(p, b, 0) < 0; })),
       "plain:unsigned_position"},
  };
}

std::vector<Promise> visibility() {
  constexpr std::string_view kWindow =
      "pos(i) - window_left <= j <= pos(i) + window_right, each limit that is not -1";
  constexpr std::string_view kMask = "mask is 1 there";
  return {
      {"keys past n", "key j is visible to row i when all of these hold: j < n",
       ATTEST_CASE(p.kv_lens && applies(plan, laws::LawId::poison)), "library:tail_values_read"},
      {"causality under TOP_LEFT", "causal (either kind): j <= pos(i)",
       ATTEST_CASE(p.causal == Causal::top_left && hides(p, [](Problem& c) { c.causal = Causal::none; })),
       "plain:top_left_key_too_far"},
      {"causality under BOTTOM_RIGHT", "causal (either kind): j <= pos(i)",
       ATTEST_CASE(p.causal == Causal::bottom_right && hides(p, [](Problem& c) { c.causal = Causal::none; })),
       "library:causal_key_ahead"},
      {"window to the left", kWindow, ATTEST_CASE(hides(p, [](Problem& c) { c.window_left = -1; })),
       "plain:window_left_ignored"},
      {"window to the right", kWindow, ATTEST_CASE(hides(p, [](Problem& c) { c.window_right = -1; })),
       "plain:window_right_ignored"},
      {"a limit of 0 to the left", kWindow,
       ATTEST_CASE(p.window_left == 0 && hides(p, [](Problem& c) { c.window_left = -1; })),
       "plain:window_0_is_none"},
      {"both limits, 0 to the left", kWindow,
       ATTEST_CASE(p.window_left == 0 && hides(p, [](Problem& c) { c.window_right = -1; })),
       "plain:window_right_ignored_at_left_0"},
      {"a limit to the left alone", kWindow,
       ATTEST_CASE(p.window_left != -1 && p.window_right == -1 && any_key(p)), "plain:lone_window_both"},
      {"limits past 2^31", kWindow,
       ATTEST_CASE(std::max(p.window_left, p.window_right) >= k2To31 && any_key(p)), "plain:window_32_bits"},
      {"the largest limit", kWindow,
       ATTEST_CASE(p.window_right == std::numeric_limits<std::int64_t>::max() && any_key(p)),
       "plain:window_wraps"},
      {"mask", kMask, ATTEST_CASE(hides(p, [](Problem& c) { c.mask.reset(); })), "plain:mask_ignored"},
      {"a row that is all masked", kMask, ATTEST_CASE(all_masked(p)), "library:nan_masked_tile"},
      {"tiles without a visible key before others", kMask, ATTEST_CASE(has_empty_tile(p)),
       "plain:stops_at_empty_tile"},
      {"bias of -inf", "bias is not -inf there",
       ATTEST_CASE(hides(p,
                         [](Problem& c) {
                           if (c.bias) c.bias.reset();
                         })),
       "plain:bias_clamped"},
  };
}

}  // namespace attest::check::promised
