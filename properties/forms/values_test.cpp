// The output as a function of the values: a mean, linear, channel by channel.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "everywhere.hpp"
#include "planted_worlds.hpp"

namespace attest::properties {
namespace {

RC_GTEST_PROP(Range, IsThatOfTheVisibleValues, ()) { holds_everywhere("range", *forms::any_row()); }
RC_GTEST_PROP(ConstantValue, IsTheOutput, ()) { holds_everywhere("constant value", *forms::any_row()); }
RC_GTEST_PROP(Values, EnterLinearly, ()) { holds_everywhere("value linearity", *forms::any_row()); }
RC_GTEST_PROP(Values, NegatedNegateTheOutput, ()) { holds_everywhere("value sign", *forms::any_row()); }
RC_GTEST_PROP(Channels, DoNotMix, ()) { holds_everywhere("channel", *forms::any_row()); }

TEST(Range, CatchesARescaleOfOneSumOnly) {
  for (const std::string_view form : {"sequential", "tiled", "split-K", "decode"}) {
    expect_caught(*rational_world_with(semantics::ArithmeticFault::denominator_not_rescaled), "range", form,
                  2);
    expect_caught(*f32_world_with(semantics::ArithmeticFault::numerator_not_rescaled), "range", form, 2);
  }
}

TEST(ConstantValue, CatchesAKeyMissingFromTheDenominator) {
  expect_caught(*rational_world_with(semantics::ArithmeticFault::weight_not_counted), "constant value",
                "tiled", 3);
  expect_caught(*f32_world_with(semantics::ArithmeticFault::weight_not_counted), "constant value", "online",
                3);
}

TEST(Values, CatchANumeratorThatDoesNotStartFromZero) {
  for (const std::string_view law : {"value linearity", "value sign"}) {
    expect_caught(*rational_world_with(Slip::numerator_not_zero), law, "online", 1);
    expect_caught(*f32_world_with(Slip::numerator_not_zero), law, "online", 1);
  }
}

TEST(Channels, CatchOneStoredOverAnother) {
  expect_caught(*rational_world_with(Slip::channels_overlap), "channel", "tiled", 1);
  expect_caught(*f32_world_with(Slip::channels_overlap), "channel", "tiled", 1);
}

}  // namespace
}  // namespace attest::properties
