// Judging through the blocked tier finds the same as judging row by row.
#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "blocked_problems.hpp"
#include "oracle/blocked/tier.hpp"
#include "oracle/definition/row.hpp"
#include "oracle/judge/judge.hpp"
#include "oracle/tiers/certificate.hpp"
#include "oracle/tiers/references.hpp"

namespace attest::oracle {
namespace {

// The exact result, each element moved by `away` times its own random sign and a factor over six decades.
Result moved(const Problem& p, double away, std::mt19937_64& random) {
  std::uniform_real_distribution<double> decades(-6, 0);
  Result r;
  r.out = Tensor(p.q.dtype(), {p.batch(), p.q_heads(), p.q_len(), p.v_dim()});
  r.lse = Tensor(p.lse_dtype(), {p.batch(), p.q_heads(), p.q_len()});
  const auto move = [&](double x) {
    const double by = away * std::pow(10, decades(random));
    return x + (random() % 2 == 0 ? by : -by);
  };
  for (std::int64_t b = 0; b < p.batch(); ++b) {
    for (std::int64_t h = 0; h < p.q_heads(); ++h) {
      for (std::int64_t i = 0; i < p.q_len(); ++i) {
        const Row row = gather_row(p, b, h, i);
        if (row.keys == 0) {
          r.lse->set({b, h, i}, row.sink ? *row.sink : -HUGE_VAL);
          continue;
        }
        const RowFacts facts = p.q.dtype() == DType::f64 ? *reference_double_double(row) : reference_f64(row);
        for (std::int64_t c = 0; c < p.v_dim(); ++c) {
          const Known& o = facts.out[static_cast<std::size_t>(c)];
          r.out.set({b, h, i, c}, random() % 8 == 0 ? move(o.hi + o.lo) : o.hi + o.lo);
        }
        r.lse->set({b, h, i},
                   random() % 8 == 0 ? move(facts.lse.hi + facts.lse.lo) : facts.lse.hi + facts.lse.lo);
      }
    }
  }
  return r;
}

// The exact result, but for one output and one lse in three of each row, which lie near the row path's bound.
Result near_bound(const Problem& p, const ContractSet& contract, std::mt19937_64& random) {
  std::uniform_real_distribution<double> share(0.5, 1.3);
  Result r = moved(p, 0, random);
  const auto moved_by = [&](double bound) { return (random() % 2 == 0 ? bound : -bound) * share(random); };
  for (std::int64_t row = 0; row < p.batch() * p.q_heads() * p.q_len(); ++row) {
    const std::int64_t b = row / p.q_len() / p.q_heads();
    const std::int64_t h = row / p.q_len() % p.q_heads();
    const std::int64_t i = row % p.q_len();
    const Row gathered = gather_row(p, b, h, i);
    if (gathered.keys == 0) continue;
    const Certificate certificate = certify(p, contract, gathered);
    const auto c = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(p.v_dim()));
    const ChannelStandard standard = certificate.out(static_cast<std::size_t>(c));
    if (standard.in_range)
      r.out.set({b, h, i, c}, r.out.at({b, h, i, c}) + moved_by(standard.smallest_bound()));
    if (random() % 3 == 0 && certificate.lse_bound() < 1)
      r.lse->set({b, h, i}, r.lse->at({b, h, i}) + moved_by(certificate.lse_bound()));
  }
  return r;
}

void expect_same(const Tally& a, const Tally& b) {
  EXPECT_EQ(a.within, b.within);
  EXPECT_EQ(a.violated, b.violated);
  EXPECT_EQ(a.out_of_range, b.out_of_range);
  EXPECT_EQ(a.uninformative, b.uninformative);
}

void expect_same_violations(const Judgement& a, const Judgement& b) {
  ASSERT_EQ(a.violations.size(), b.violations.size());
  for (std::size_t k = 0; k < a.violations.size(); ++k) {
    const Element& x = a.violations[k];
    const Element& y = b.violations[k];
    EXPECT_EQ(std::tie(x.b, x.h, x.i, x.output, x.channel, x.ratio, x.bound),
              std::tie(y.b, y.h, y.i, y.output, y.channel, y.ratio, y.bound));
  }
}

// Captures may have biases of f64 that no f32 holds.
TEST(BlockedJudge, ReadsBiasesOfF64) {
  std::mt19937_64 random(22);
  std::normal_distribution<double> normal;
  int judged = 0;
  while (judged < 4) {
    Problem p = in_f64(random_problem(random, Inputs::ordinary), random);
    if (!p.bias) continue;
    ++judged;
    p.bias = Tensor(DType::f64, p.bias->shape());
    std::vector<double> values(static_cast<std::size_t>(p.bias->count()));
    for (double& x : values) x = normal(random);
    p.bias->assign(values);
    ASSERT_EQ(why_invalid_capture(p), "");
    const ContractSet contract = contract_for("f64", p.q.dtype(), p.k.dtype());
    const Result result = moved(p, 1e-2, random);
    const Judgement fast = judge(p, result, contract);
    const Judgement slow = judge_by_rows(p, result, contract);
    expect_same(fast.out, slow.out);
    expect_same_violations(fast, slow);
    EXPECT_GT(fast.out.within, 0);
    EXPECT_GT(fast.out.violated, 0);
  }
}

TEST(BlockedJudge, FindsExactlyTheViolationsThatRowsFind) {
  std::mt19937_64 random(21);
  std::int64_t violated = 0;
  std::int64_t within = 0;
  const std::vector<std::string> contracts = contracts_for_bounds();
  for (std::size_t k = 0; k < 2 * contracts.size(); ++k) {
    const Problem p = random_problem(random, k % 4 == 3 ? Inputs::peaked : Inputs::ordinary);
    const std::string& text = contracts[k % contracts.size()];
    SCOPED_TRACE(testing::Message() << text << ": " << describe(p));
    const ContractSet contract = contract_for(text, p.q.dtype(), p.k.dtype());
    const Result result = moved(p, k % 2 == 0 ? 1e-2 : 1, random);
    const Judgement fast = judge(p, result, contract);
    const Judgement slow = judge_by_rows(p, result, contract);
    expect_same(fast.out, slow.out);
    expect_same(fast.lse, slow.lse);
    expect_same_violations(fast, slow);
    violated += fast.out.violated;
    within += fast.out.within;
  }
  EXPECT_GT(violated, 1000);
  EXPECT_GT(within, 10000);
}

// Scores that are stored in 16 bits: the tier settles most rows by what it knows of their errors from below.
// Results lie on both sides of the bound, in every dtype.
TEST(BlockedJudge, FindsWhatRowsFindWhereScoresAreStoredInSixteenBits) {
  std::mt19937_64 random(25);
  Tally all;
  for (int k = 0; k < 24; ++k) {
    const Problem p = without_terms(random_problem(random, k % 4 == 3 ? Inputs::spread : Inputs::ordinary));
    SCOPED_TRACE(describe(p));
    const char* text = k % 2 == 0 ? "" : "unfused-bf16|unfused-f16|f32;score.product=bf16";
    const ContractSet contract = contract_for(text, p.q.dtype(), p.k.dtype());
    const Result result = near_bound(p, contract, random);
    const Judgement fast = judge(p, result, contract);
    const Judgement slow = judge_by_rows(p, result, contract);
    expect_same(fast.out, slow.out);
    expect_same(fast.lse, slow.lse);
    expect_same_violations(fast, slow);
    all.merge(fast.out);
  }
  EXPECT_GT(all.violated, 500);
  EXPECT_GT(all.within, 50000);
}

// Channels of zeros and of equal values, scores whose errors are large, and outputs that are no numbers.
TEST(BlockedJudge, FindsWhatRowsFindWhereOnlyTheHullIsKnown) {
  std::mt19937_64 random(24);
  Tally all;
  for (int k = 0; k < 24; ++k) {
    Problem p = random_problem(random, Inputs::ordinary);
    for (std::int64_t at = 0; at < p.batch() * p.kv_heads() * p.kv_len(); ++at) {
      const std::int64_t head = at / p.kv_len();
      const std::int64_t b = head / p.kv_heads();
      p.v.set({b, head % p.kv_heads(), at % p.kv_len(), 0}, 0);
      if (p.v_dim() > 1) p.v.set({b, head % p.kv_heads(), at % p.kv_len(), 1}, 1.5);
    }
    p.scale *= std::pow(100.0, k % 4);
    SCOPED_TRACE(describe(p));
    const ContractSet contract =
        contract_for(k % 3 == 0 ? "f32|flash-f16|flash-bf16" : "", p.q.dtype(), p.k.dtype());
    Result result = moved(p, 1e-2, random);
    for (int bad = 0; bad < 20; ++bad) {
      const auto channel = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(p.v_dim()));
      const auto row = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(p.q_len()));
      result.out.set({0, 0, row, channel}, bad % 2 == 0 ? NAN : 100.0);
    }
    const Judgement fast = judge(p, result, contract);
    const Judgement slow = judge_by_rows(p, result, contract);
    expect_same(fast.out, slow.out);
    expect_same(fast.lse, slow.lse);
    expect_same_violations(fast, slow);
    all.merge(fast.out);
  }
  EXPECT_GT(all.violated, 400);
  EXPECT_GT(all.within, 1000);
  EXPECT_GT(all.uninformative, 100);
}

// Judged by this tier alone: a row of the row path would take its keys one by one.
TEST(BlockedJudge, DecidesRowsWithAChannelOfZeros) {
  Problem p;
  p.q = Tensor(DType::f32, {1, 1, 80, 4});
  p.k = Tensor(DType::f32, {1, 1, 80, 4});
  p.v = Tensor(DType::f32, {1, 1, 80, 2});
  for (std::int64_t j = 0; j < 80; ++j) p.v.set({0, 0, j, 1}, j % 2 == 0 ? 1 : -1);
  const ContractSet contract = contract_for("f32", DType::f32, DType::f32);
  const blocked::HeadFacts head = blocked::facts_of_head(p, 0, 0);
  int usable = 0;
  blocked::certify_rows(p, contract, head, 0, 0, 0, 80, [&](std::int64_t, const blocked::CertifiedRow& row) {
    usable += row.usable ? 1 : 0;
  });
  EXPECT_EQ(usable, 80);
  Result result;
  result.out = Tensor(DType::f32, {1, 1, 80, 2});
  EXPECT_EQ(judge(p, result, contract).out.within, 160);
  result.out.set({0, 0, 7, 0}, 1e-30);
  const Judgement judgement = judge(p, result, contract);
  ASSERT_EQ(judgement.out.violated, 1);
  EXPECT_EQ(judgement.violations.front().i, 7);
}

TEST(BlockedJudge, FindsInF64KernelsExactlyWhatRowsFind) {
  std::mt19937_64 random(23);
  RowsByTier tiers{};
  std::int64_t violated = 0;
  for (int k = 0; k < 6; ++k) {
    const Problem p = in_f64(random_problem(random, k == 5 ? Inputs::peaked : Inputs::ordinary), random);
    SCOPED_TRACE(describe(p));
    const ContractSet contract = contract_for("f64", DType::f64, DType::f64);
    const Result result = moved(p, k % 2 == 0 ? 1e-12 : 1e-9, random);
    const Judgement fast = judge(p, result, contract);
    const Judgement slow = judge_by_rows(p, result, contract);
    expect_same(fast.out, slow.out);
    expect_same(fast.lse, slow.lse);
    expect_same_violations(fast, slow);
    for (std::size_t tier = 0; tier < kTiers; ++tier) tiers[tier] += fast.rows_by_tier[tier];
    violated += fast.out.violated;
  }
  EXPECT_GT(violated, 100);
  EXPECT_EQ(tiers[static_cast<std::size_t>(Tier::f64)], 0);
  EXPECT_EQ(tiers[static_cast<std::size_t>(Tier::interval)], 0);
  EXPECT_GT(tiers[static_cast<std::size_t>(Tier::double_double)], 100);
}

TEST(BlockedJudge, DoesNotDependOnTheNumberOfThreads) {
  std::mt19937_64 random(22);
  for (int k = 0; k < 6; ++k) {
    const Problem p = random_problem(random, Inputs::ordinary);
    const ContractSet contract = contract_for("f32", p.q.dtype(), p.k.dtype());
    const Result result = moved(p, 1e-2, random);
    const Judgement one = judge(p, result, contract, {5, 1, {}});
    for (const unsigned jobs : {2U, 3U, 16U}) {
      const Judgement many = judge(p, result, contract, {5, jobs, {}});
      expect_same(one.out, many.out);
      expect_same(one.lse, many.lse);
      expect_same_violations(one, many);
      EXPECT_EQ(one.worst.ratio, many.worst.ratio);
      EXPECT_EQ(std::tie(one.worst.b, one.worst.h, one.worst.i, one.worst.output, one.worst.channel),
                std::tie(many.worst.b, many.worst.h, many.worst.i, many.worst.output, many.worst.channel));
      EXPECT_EQ(one.rows_by_tier, many.rows_by_tier);
      EXPECT_EQ(one.out.ratios.median(), many.out.ratios.median());
    }
  }
}

}  // namespace
}  // namespace attest::oracle
