// Rows of a causal problem, and keys that are not seen.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "everywhere.hpp"
#include "planted_worlds.hpp"

namespace attest::properties {
namespace {

RC_GTEST_PROP(Decode, EqualsPrefill, ()) { holds_everywhere("decode = prefill", *forms::any_row()); }
RC_GTEST_PROP(Prefix, IsUntouchedByWhatFollows, ()) { holds_everywhere("prefix", *forms::any_row()); }
RC_GTEST_PROP(Masking, HidesScoresAndValues, ()) { holds_everywhere("masking", *forms::any_row()); }

TEST(DecodeEqualsPrefill, CatchesATokenThatDoesNotSeeItself) {
  expect_caught(*rational_world_with(Slip::misses_itself), "decode = prefill", "decode", 1);
  expect_caught(*f32_world_with(Slip::misses_itself), "decode = prefill", "decode", 1);
}

TEST(Prefix, CatchesACausalMaskThatIsOneKeyTooWide) {
  expect_caught(*rational_world_with(Slip::mask_too_wide), "prefix", "causal prefill", 2);
  expect_caught(*f32_world_with(Slip::mask_too_wide), "prefix", "causal prefill", 2);
  expect_caught(*f32_world_with(Slip::mask_too_wide), "decode = prefill", "causal prefill", 2);
}

TEST(Masking, CatchesAMaskThatIsIgnored) {
  for (const std::string_view form : {"sequential", "split-K", "guarded online", "lazy rescale"}) {
    expect_caught(*rational_world_with(Slip::mask_ignored), "masking", form, 1);
    expect_caught(*f32_world_with(Slip::mask_ignored), "masking", form, 1);
  }
}

TEST(Masking, CatchesMaskedKeysThatKeepAWeight) {
  expect_caught(*f32_world_with(semantics::ArithmeticFault::masked_like_score_zero), "masking",
                "guarded online", 1);
}

}  // namespace
}  // namespace attest::properties
