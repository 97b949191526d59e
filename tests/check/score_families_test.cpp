// Families of scores that are out of the ordinary. Whether a faulty kernel is found by them: promises_test.

#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "check/generate/families.hpp"
#include "check/generate/frame.hpp"
#include "laws/inputs/key_visibility.hpp"
#include "oracle/definition/visible.hpp"
#include "oracle/judge/judge.hpp"
#include "plain_kernel.hpp"
#include "small_context.hpp"

namespace attest::check {
namespace {

const Family& family_of(std::string_view name) {
  return *std::find_if(families().begin(), families().end(), [&](const Family& f) { return f.name == name; });
}

double largest_score(const Problem& p) {
  double dot = 0;
  if (p.q.count() * p.k.count() == 0) return 0;
  for (std::int64_t c = 0; c < p.qk_dim(); ++c) dot += p.q.at({0, 0, 0, c}) * p.k.at({0, 0, 0, c});
  return std::fabs(p.scale * dot);
}

bool one_value(const Problem& p, std::int64_t b, std::int64_t h, const std::vector<std::int64_t>& keys) {
  const auto value = [&](std::int64_t j) { return p.v.at({b, oracle::kv_head_of(p, h), j, 0}); };
  return std::all_of(keys.begin(), keys.end(), [&](auto j) { return value(j) == value(keys.front()); });
}

GenContext without_biases() {
  GenContext context = small_context();
  context.set(Feature::bias, 0);
  return context;
}

TEST(HugeScores, HavePlainResults) {
  double largest = 0;
  std::int64_t above_1e4 = 0, single = 0, cases = 0;
  for (std::uint64_t n = 0; n < 400; ++n) {
    const Problem p = problems(family_of("huge scores"), without_biases())(rc::Random(n)).value();
    if (p.q.count() * p.k.count() == 0) continue;
    ++cases;
    largest = std::max(largest, largest_score(p));
    above_1e4 += largest_score(p) > 9e3 ? 1 : 0;
    bool one_key = true;
    laws::for_each_row(p, [&](std::int64_t b, std::int64_t h, std::int64_t i) {
      const std::vector<std::int64_t> keys = oracle::visible_keys(p, b, h, i);
      one_key = one_key && keys.size() <= 1;
      EXPECT_TRUE(one_value(p, b, h, keys)) << describe(p);
    });
    single += one_key ? 1 : 0;
  }
  EXPECT_GT(largest, 1e9);
  EXPECT_GT(above_1e4, cases / 2);
  EXPECT_GT(single, cases / 10);
}

// A score of 1.4e11: rounded to f32 in base 2, its maximum's own exponential is off by a factor of e^8000.
TEST(HugeScores, ReachTheReportedOne) {
  GenContext context = without_biases();
  context.contract = "flash-bf16";
  context.shape = ShapeClass::one_key;
  for (const Feature f : {Feature::f64, Feature::f32, Feature::f16, Feature::mixed_dtypes}) context.set(f, 0);
  for (const Feature f : {Feature::odd_dims, Feature::wide_dims, Feature::unequal_dims}) context.set(f, 0);
  const auto kernel = test::plain_kernel(test::Fault::maximum_folded);
  const auto correct = test::plain_kernel(test::Fault::none);
  bool drawn = false, not_a_number = false;
  for (std::uint64_t n = 0; n < 1600; ++n) {
    const Problem p = problems(family_of("huge scores"), context)(rc::Random(n)).value();
    if (p.q.count() == 0) continue;
    drawn = drawn || (p.q.at({0, 0, 0, 0}) == 133120 && std::fabs(p.k.at({0, 0, 0, 0})) == 133120);
    const auto finite = [&](kernel::Kernel& tried) {
      const std::vector<double> out = tried.run(p, {}).result.out.values();
      return std::all_of(out.begin(), out.end(), [](double x) { return std::isfinite(x); });
    };
    EXPECT_TRUE(finite(*correct));
    not_a_number = not_a_number || !finite(*kernel);
  }
  EXPECT_TRUE(drawn);
  EXPECT_TRUE(not_a_number);
}

double score_at(const Problem& p, std::int64_t i, std::int64_t j) {
  double dot = 0;
  for (std::int64_t c = 0; c < p.qk_dim(); ++c) dot += p.q.at({0, 0, i, c}) * p.k.at({0, 0, j, c});
  return p.scale * dot;
}

TEST(RowsApart, HaveTheirMaximaAtOppositeEnds) {
  std::int64_t opposite = 0, cases = 0;
  for (std::uint64_t n = 0; n < 200; ++n) {
    const Problem p = problems(family_of("rows apart"), small_context())(rc::Random(n)).value();
    if (p.batch() * p.kv_len() == 0 || p.q_len() < 2 || p.kv_len() < 8) continue;
    ++cases;
    const double rise = score_at(p, 0, p.kv_len() - 1) - score_at(p, 0, 0);
    const double other = score_at(p, 1, p.kv_len() - 1) - score_at(p, 1, 0);
    opposite += rise > 8 && other < -7 ? 1 : 0;
  }
  EXPECT_GT(cases, 30);
  EXPECT_GT(opposite, cases / 20);
}

TEST(RowsBeforeKeys, AreThereWithAndWithoutASink) {
  std::int64_t with = 0, without = 0;
  for (std::uint64_t n = 0; n < 100; ++n) {
    const Problem p = problems(family_of("rows before keys"), small_context())(rc::Random(n)).value();
    if (p.batch() * p.q_len() * p.kv_len() == 0 || p.causal == Causal::top_left) continue;
    if (oracle::position_of(p, 0, 0) >= 0) continue;
    (p.sink ? with : without) += 1;
  }
  EXPECT_GT(with, 15);
  EXPECT_GT(without, 15);
}

}  // namespace
}  // namespace attest::check
