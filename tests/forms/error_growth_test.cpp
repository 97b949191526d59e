// Where sums in few bits stop growing, and that no form leaves its bound on the way.
#include "forms/error_growth.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

namespace attest::forms {
namespace {

const ErrorGrowth& growth() {
  static const ErrorGrowth once = measure_error_growth(3, 1 << 12);
  return once;
}

const GrowthPoint& point(const std::string& inputs, const std::string& semantics, const std::string& form,
                         std::int64_t keys) {
  const auto found = std::find_if(growth().points.begin(), growth().points.end(), [&](const GrowthPoint& p) {
    return p.inputs == inputs && p.semantics == semantics && p.form == form && p.keys == keys;
  });
  if (found == growth().points.end()) throw std::invalid_argument(form);
  return *found;
}

const Departure& departure(const std::string& semantics) {
  const auto found = std::find_if(growth().departures.begin(), growth().departures.end(),
                                  [&](const Departure& d) { return d.semantics == semantics; });
  if (found == growth().departures.end()) throw std::invalid_argument(semantics);
  return *found;
}

// The theorems saturation-f16 and saturation-bf16 say 2^11 and 2^8.
TEST(ErrorGrowth, SequentialSumsLeaveF32WhereTheTheoremSays) {
  for (const auto& [semantics, limit] : {std::pair{"f16", 2048}, std::pair{"bf16", 256}}) {
    EXPECT_EQ(departure(semantics).limit, limit);
    EXPECT_EQ(departure(semantics).denominator_keys, limit);
    EXPECT_EQ(departure(semantics).largest_denominator, limit);
    EXPECT_EQ(departure(semantics).output_keys, limit);
    EXPECT_EQ(point("late values", semantics, "sequential", limit).error, 0);
    EXPECT_EQ(point("late values", semantics, "sequential", 2 * limit).error, 0.5);
    EXPECT_EQ(point("late values", semantics, "tree", 2 * limit).error, 0);
  }
  EXPECT_EQ(departure("f32").denominator_keys, growth().most_keys);
  EXPECT_EQ(point("late values", "f32", "sequential", growth().most_keys).error, 0);
}

TEST(ErrorGrowth, CountsAnOutputThatIsNotANumberAsInfinitelyWrong) {
  GrowthPoint point;
  include_output(point, 1.25, 1, 0.5);
  EXPECT_EQ(point.ratio, 0.5);
  include_output(point, 3, 1, HUGE_VAL);
  EXPECT_EQ(point.ratio, 0.5);
  EXPECT_EQ(point.error, 2);
  include_output(point, NAN, 1, 0.5);
  EXPECT_EQ(point.ratio, HUGE_VAL);
  EXPECT_EQ(point.error, HUGE_VAL);
}

TEST(ErrorGrowth, StaysWithinTheCertifiedBound) {
  std::int64_t certified = 0;
  for (const GrowthPoint& p : growth().points) {
    EXPECT_LE(p.ratio, 1) << p.inputs << ", " << p.form << " in " << p.semantics << ", " << p.keys;
    certified += p.ratio > 0 ? 1 : 0;
  }
  EXPECT_GT(certified, 100);
}

TEST(ErrorGrowth, HoldsTheDenseFormToItsOwnContract) {
  for (const char* semantics : {"f32", "f32, P in f16", "f32, P in bf16", "f16", "bf16"}) {
    const GrowthPoint& dense = point("normal scores", semantics, "dense", 64);
    EXPECT_GT(dense.ratio, 0) << semantics;
    EXPECT_LE(dense.ratio, 1) << semantics;
  }
  // Dividing first loses more to underflow than dividing last.
  EXPECT_NE(point("normal scores", "f16", "dense", 64).bound,
            point("normal scores", "f16", "online", 64).bound);
}

TEST(ErrorGrowth, GrowsWithTheLengthOfASumAndWithTheUnitRoundoff) {
  const auto error = [](const char* semantics, const char* form, std::int64_t keys) {
    return point("normal scores", semantics, form, keys).error;
  };
  EXPECT_GT(error("f32", "sequential", 4096), 4 * error("f32", "sequential", 16));
  EXPECT_LT(error("f32", "tree", 4096), error("f32", "sequential", 4096) / 4);
  EXPECT_GT(error("f16", "sequential", 256), 100 * error("f32", "sequential", 256));
  EXPECT_GT(error("bf16", "sequential", 256), 2 * error("f16", "sequential", 256));
}

}  // namespace
}  // namespace attest::forms
