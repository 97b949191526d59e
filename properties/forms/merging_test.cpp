// Merging: associative, commutative, with an identity; bracketings, splits and shifts do not show.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "everywhere.hpp"
#include "planted_worlds.hpp"

namespace attest::properties {
namespace {

RC_GTEST_PROP(Merge, IsAssociative, ()) { holds_everywhere("merge is associative", *forms::any_row()); }
RC_GTEST_PROP(Merge, IsCommutative, ()) { holds_everywhere("merge is commutative", *forms::any_row()); }
RC_GTEST_PROP(Merge, HasAnIdentity, ()) { holds_everywhere("merge has an identity", *forms::any_row()); }
RC_GTEST_PROP(Blocks, DoNotShow, ()) { holds_everywhere("blocks", *forms::any_row()); }
RC_GTEST_PROP(Shift, MayBeAnyWhereNumbersAreExact, ()) { holds_everywhere("any shift", *forms::any_row()); }

// A rescale that is always left out is associative: the sums are only of other weights.
TEST(Associativity, CatchesARescaleThatIsLeftOutOnce) {
  for (const std::string_view form : {"tree", "split-K", "random bracketing"}) {
    expect_caught(*modular_world_without_a_rescale(), "merge is associative", form, 3);
  }
  expect_caught(*rational_world_with(semantics::ArithmeticFault::denominator_not_rescaled),
                "merge is associative", "lse rows", 3);
  expect_caught(*rational_world_with(semantics::ArithmeticFault::numerator_not_rescaled),
                "merge is associative", "lse rows", 3);
}

TEST(Commutativity, CatchesAMaxThatKeepsItsFirstArgument) {
  for (const std::string_view form : {"tree", "split-K", "random bracketing"}) {
    expect_caught(*f32_world_with(semantics::ArithmeticFault::max_keeps_first), "merge is commutative", form,
                  2);
  }
}

TEST(Commutativity, CatchesAnOperandThatIsLeftOut) {
  expect_caught(*rational_world_with(semantics::ArithmeticFault::value_not_counted), "merge is commutative",
                "split-K", 2);
  expect_caught(*f32_world_with(semantics::ArithmeticFault::value_not_counted), "merge is commutative",
                "split-K", 2);
}

TEST(Identity, CatchesAMissingGuard) {
  expect_caught(*rational_world_with(semantics::ArithmeticFault::unguarded), "merge has an identity",
                "guarded split", 1);
  expect_caught(*f32_world_with(semantics::ArithmeticFault::masked_like_score_zero), "merge has an identity",
                "guarded split", 2);
}

TEST(Blocks, CatchAKeyCountedInBothSplitsThatMeetAtIt) {
  for (const std::string_view form : {"tiled", "split-K", "online", "guarded split", "lse rows"}) {
    expect_caught(*rational_world_with(Slip::key_counted_twice), "blocks", form, 3);
    expect_caught(*f32_world_with(Slip::key_counted_twice), "blocks", form, 3);
  }
}

TEST(Blocks, CatchAKeyLostBetweenTwoSplits) {
  for (const std::string_view form : {"tiled", "split-K", "online", "guarded split", "lse rows"}) {
    expect_caught(*f32_world_with(Slip::key_lost), "blocks", form, 3);
  }
}

TEST(Blocks, CatchARescaleOfOneSumOnly) {
  for (const std::string_view form : {"tiled", "split-K", "online", "lazy rescale", "guarded online"}) {
    expect_caught(*f32_world_with(semantics::ArithmeticFault::denominator_not_rescaled), "blocks", form, 3);
    expect_caught(*f32_world_with(semantics::ArithmeticFault::numerator_not_rescaled), "blocks", form, 3);
  }
}

// The values agree at first sight: what does not cancel is the shift, and in dual numbers its derivative.
TEST(Shift, IsSeenWhereARescaleIsLeftOutOnce) {
  for (const std::string_view form : {"sequential", "tiled", "decode"}) {
    expect_caught(*modular_world_without_a_rescale(), "any shift", form, 2);
    expect_caught(*dual_world_without_a_rescale(), "any shift", form, 2);
  }
}

}  // namespace
}  // namespace attest::properties
