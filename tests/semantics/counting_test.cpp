#include "semantics/counting.hpp"

#include <gtest/gtest.h>

#include "attention/run.hpp"

namespace attest::semantics {
namespace {

static_assert(Semantics<Counting>);

OperationCounts cost(const attention::Schedule& schedule, std::size_t v_dim) {
  OperationCounts counts;
  const Counting k{&counts};
  const std::vector<Counting::Score> scores(schedule.end);
  const std::vector<std::vector<Counting::Acc>> values(schedule.end, std::vector<Counting::Acc>(v_dim));
  attention::finalize(k, *attention::run(k, schedule, scores, values));
  return counts;
}

// A tile of b keys: b - 1 maxima, b exponentials, b - 1 sums for l and for each component, b products a
// component. A merge: one max, two exponentials, two products and a sum for l and for each component.
TEST(Counting, CountsWhatATileAndAMergeCost) {
  const std::uint64_t d = 5;
  EXPECT_EQ(cost(attention::tiled(8, 8), d), (OperationCounts{7, 8, 8, 8, 7 * (d + 1), 8 * d, d}));
  EXPECT_EQ(cost(attention::sequential(2), d), (OperationCounts{1, 4, 4, 2, d + 1, 2 * d + 2 * (d + 1), d}));
}

TEST(Counting, FindsTheSameCostForEveryBracketing) {
  const OperationCounts expected = cost(attention::sequential(6), 3);
  for (const auto& schedule : attention::all_bracketings(6)) EXPECT_EQ(cost(schedule, 3), expected);
  EXPECT_NE(cost(attention::tiled(6, 2), 3), expected);
}

}  // namespace
}  // namespace attest::semantics
