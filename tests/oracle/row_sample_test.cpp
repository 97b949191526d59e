#include "oracle/sample/row_sample.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include <gtest/gtest.h>

#include "blocked_problems.hpp"
#include "oracle/judge/judge.hpp"

namespace attest::oracle {
namespace {

Problem problem(std::int64_t batch, std::int64_t heads, std::int64_t q_len, std::int64_t kv_len,
                Causal causal = Causal::bottom_right) {
  Problem p;
  p.q = Tensor(DType::f32, {batch, heads, q_len, 1});
  p.k = Tensor(DType::f32, {batch, 1, kv_len, 1});
  p.v = Tensor(DType::f32, {batch, 1, kv_len, 1});
  p.causal = causal;
  return p;
}

using RowName = std::tuple<std::int64_t, std::int64_t, std::int64_t>;

std::vector<RowName> names(const RowSelection& selection) {
  std::vector<RowName> all;
  for (const HeadRows& head : selection.heads) {
    for (const std::int64_t i : head.rows) all.emplace_back(head.b, head.h, i);
  }
  return all;
}

// Every sample of m of n, one by one: how many hold one of the first `faulty`.
double seen_by_counting(unsigned n, unsigned m, unsigned faulty) {
  double all = 0;
  double seen = 0;
  for (unsigned set = 0; set < 1U << n; ++set) {
    if (static_cast<unsigned>(__builtin_popcount(set)) != m) continue;
    ++all;
    if ((set & ((1U << faulty) - 1)) != 0) ++seen;
  }
  return seen / all;
}

TEST(RowCoverage, ProbabilityIsThatOfCountingEverySample) {
  for (unsigned n = 1; n <= 12; ++n) {
    for (unsigned m = 1; m <= n; ++m) {
      const RowCoverage coverage{n + 3, m + 3, 3};
      for (unsigned faulty = 0; faulty <= n; ++faulty) {
        EXPECT_NEAR(coverage.probability_of_seeing(faulty), seen_by_counting(n, m, faulty), 1e-13)
            << n << " " << m << " " << faulty;
      }
      EXPECT_EQ(coverage.probability_of_seeing(n + 1), 1) << "more than there are unfixed rows";
    }
  }
}

TEST(RowCoverage, LeastSeenIsTheFirstThatReachesTheProbability) {
  for (const std::int64_t judged : {1, 2, 7, 40, 99, 100}) {
    const RowCoverage coverage{100, judged, judged / 4};
    for (const double probability : {0.5, 0.95, 0.99, 1.0}) {
      const std::int64_t least = coverage.least_seen(probability);
      EXPECT_GE(coverage.probability_of_seeing(least), probability);
      EXPECT_LT(coverage.probability_of_seeing(least - 1), probability);
    }
  }
  EXPECT_EQ((RowCoverage{100, 100, 0}.least_seen(1)), 1);
}

// Beside drawing with replacement, 1 - (1 - 1/1000)^m, which misses more often by m^2 / 2N of a thousandth.
TEST(RowCoverage, HoldsForManyRows) {
  const RowCoverage coverage{10'000'000, 4600, 0};
  EXPECT_NEAR(coverage.probability_of_seeing(10'000), 1 - std::pow(0.999, 4600) * (1 - 1.058e-3), 1e-7);
  EXPECT_NEAR(static_cast<double>(coverage.least_seen(0.99)), 1e4, 20);
}

TEST(RowSample, HasTheRowsAskedForOnceEachInOrder) {
  for (const std::int64_t wanted : {1, 2, 5, 50, 400, 899, 900, 5000}) {
    const RowSelection s = select_rows(problem(3, 4, 75, 75), {wanted, 9});
    const std::vector<RowName> rows = names(s);
    EXPECT_EQ(static_cast<std::int64_t>(rows.size()), std::min<std::int64_t>(900, wanted));
    EXPECT_EQ(s.coverage.judged, static_cast<std::int64_t>(rows.size()));
    EXPECT_EQ(s.coverage.total, 900);
    EXPECT_LE(s.coverage.fixed, wanted / 2);
    EXPECT_TRUE(std::is_sorted(rows.begin(), rows.end()));
    EXPECT_EQ(std::set<RowName>(rows.begin(), rows.end()).size(), rows.size());
    for (const auto& [b, h, i] : rows) EXPECT_TRUE(b < 3 && h < 4 && i >= 0 && i < 75);
  }
}

TEST(RowSample, IsAFunctionOfItsSeed) {
  const Problem p = problem(1, 2, 1000, 1000);
  EXPECT_EQ(names(select_rows(p, {60, 1})), names(select_rows(p, {60, 1})));
  EXPECT_NE(names(select_rows(p, {60, 1})), names(select_rows(p, {60, 2})));
}

TEST(RowSample, HasTheEndsOfEveryHeadAndTheRowsAtPowersOfTwo) {
  const RowSelection s = select_rows(problem(2, 3, 300, 1000), {200, 4});
  const std::vector<RowName> rows = names(s);
  std::set<std::int64_t> places;
  for (const auto& [b, h, i] : rows) places.insert(i);
  for (std::int64_t b = 0; b < 2; ++b) {
    for (std::int64_t h = 0; h < 3; ++h) {
      for (const std::int64_t i : {0, 299})
        EXPECT_TRUE(std::binary_search(rows.begin(), rows.end(), RowName{b, h, i})) << b << h << i;
    }
  }
  for (const std::int64_t i : {15, 16, 31, 32, 63, 64, 127, 128, 255, 256})
    EXPECT_TRUE(places.contains(i)) << i;
}

TEST(RowSample, HasTheRowsAtWhichTheNumberOfVisibleKeysPassesAPowerOfTwo) {
  const RowSelection s = select_rows(problem(1, 2, 300, 1100), {200, 4});
  std::set<std::int64_t> places;
  for (const auto& [b, h, i] : names(s)) places.insert(i);
  for (const std::int64_t visible : {1024, 1025}) EXPECT_TRUE(places.contains(visible - 801)) << visible;
}

// The chance that an unfixed row is drawn is the same for all: 20,000 samples, five deviations.
TEST(RowSample, DrawsTheOtherRowsUniformly) {
  const Problem p = problem(1, 2, 20, 20);
  std::map<RowName, double> drawn;
  double chance = 0;
  constexpr int kSamples = 20'000;
  for (int seed = 0; seed < kSamples; ++seed) {
    const RowSelection s = select_rows(p, {16, static_cast<std::uint64_t>(seed)});
    for (const RowName& row : names(s)) ++drawn[row];
    chance += static_cast<double>(s.coverage.judged - s.coverage.fixed) /
              static_cast<double>(s.coverage.total - s.coverage.fixed) / kSamples;
  }
  const double deviation = std::sqrt(kSamples * chance * (1 - chance));
  int compared = 0;
  for (const std::int64_t h : {0, 1}) {
    for (std::int64_t i = 1; i < 15; ++i) {
      EXPECT_NEAR((drawn[{0, h, i}]), kSamples * chance, 5 * deviation) << h << " " << i;
      ++compared;
    }
  }
  EXPECT_EQ(compared, 28);
}

// A sample's rows are judged as in the whole.
TEST(RowSample, JudgesItsRowsAndNoOthers) {
  std::mt19937_64 random(5);
  for (int k = 0; k < 6; ++k) {
    const Problem p = random_problem(random, Inputs::ordinary);
    SCOPED_TRACE(describe(p));
    const ContractSet contract = contract_for("f32", p.q.dtype(), p.k.dtype());
    Result wrong;  // zeros: nearly every element is violated
    wrong.out = Tensor(p.q.dtype(), {p.batch(), p.q_heads(), p.q_len(), p.v_dim()});
    const RowSample sample{p.batch() * p.q_heads() * p.q_len() / 3 + 1, 7};
    const JudgeOptions all{.max_violations = 1'000'000};
    JudgeOptions some = all;
    some.sample = sample;
    some.jobs = 2;
    std::set<RowName> chosen;
    for (const RowName& row : names(select_rows(p, sample))) chosen.insert(row);
    std::vector<Element> expected;
    for (const Element& e : judge(p, wrong, contract, all).violations) {
      if (chosen.contains({e.b, e.h, e.i})) expected.push_back(e);
    }
    const Judgement judgement = judge(p, wrong, contract, some);
    EXPECT_EQ(judgement.out.total(), sample.rows * p.v_dim());
    EXPECT_EQ(judgement.coverage.judged, sample.rows);
    ASSERT_EQ(judgement.violations.size(), expected.size());
    ASSERT_GT(expected.size(), 0U);
    for (std::size_t e = 0; e < expected.size(); ++e) {
      const Element& x = judgement.violations[e];
      const Element& y = expected[e];
      EXPECT_EQ(std::tie(x.b, x.h, x.i, x.output, x.channel, x.ratio),
                std::tie(y.b, y.h, y.i, y.output, y.channel, y.ratio));
    }
  }
}

}  // namespace
}  // namespace attest::oracle
