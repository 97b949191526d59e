// Shifts of all scores, orders of keys, keys twice.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "everywhere.hpp"
#include "planted_worlds.hpp"

namespace attest::properties {
namespace {

RC_GTEST_PROP(Shift, OfAllScoresMovesLseOnly, ()) { holds_everywhere("shift", *forms::any_row()); }
RC_GTEST_PROP(Permutation, OfKeysDoesNotShow, ()) { holds_everywhere("permutation", *forms::any_row()); }
RC_GTEST_PROP(Duplicate, OfEveryKeyDoublesTheWeightsOnly, ()) {
  holds_everywhere("duplicate", *forms::any_row());
}

TEST(Shift, CatchesMaskedKeysGivenTheScoreZero) {
  for (const std::string_view form : {"guarded online", "guarded split"}) {
    expect_caught(*rational_world_with(semantics::ArithmeticFault::masked_like_score_zero), "shift", form, 1);
    expect_caught(*f32_world_with(semantics::ArithmeticFault::masked_like_score_zero), "shift", form, 1);
  }
}

TEST(Permutation, CatchesAMissingRescale) {
  for (const std::string_view form : {"online", "guarded online", "lazy rescale", "lse rows"}) {
    expect_caught(*rational_world_with(semantics::ArithmeticFault::nothing_rescaled), "permutation", form, 3);
    expect_caught(*f32_world_with(semantics::ArithmeticFault::nothing_rescaled), "permutation", form, 3);
  }
}

TEST(Permutation, CatchesAnOperandThatIsLeftOut) {
  expect_caught(*f32_world_with(semantics::ArithmeticFault::value_not_counted), "permutation", "tree", 2);
}

TEST(Duplicate, CatchesAValueMissingFromTheNumerator) {
  for (const std::string_view form : {"sequential", "tiled", "online", "decode"}) {
    expect_caught(*rational_world_with(semantics::ArithmeticFault::value_not_counted), "duplicate", form, 1);
    expect_caught(*f32_world_with(semantics::ArithmeticFault::value_not_counted), "duplicate", form, 1);
  }
}

}  // namespace
}  // namespace attest::properties
