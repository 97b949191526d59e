// The numerics that the oneDNN adapter declares: outputs against a plain reference and against the certified
// bound, and the declared errors of exp and tanh against what the primitives do.
#include "onednn_numerics.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "onednn_support.hpp"
#include "oracle/judge/judge.hpp"

namespace attest::onednn_tests {
namespace {

constexpr double kUnit = 0x1p-24;

double growth(double roundings) { return std::expm1(roundings * std::log1p(kUnit)); }

// One row in double precision, by the definition, and how far an f32 evaluation may be from it.
struct PlainRow {
  std::vector<double> out, bound;
};

// Every score is off by at most alpha: (1 + u)^(d + 2) - 1 of scale sum |q k| for the dot product and its
// scale, u of the sum for adding the bias. Weights then differ by a factor exp(2 alpha + u gap) (1 +
// exp_rel), their sum by as much again and (1 + u)^n, the quotient by two roundings, the weighted mean by (1
// + u)^(n + 1): each P|v| is off by no more than the product of these. A weight that underflows is off by
// 2^-125 at most.
PlainRow plain_row(const Problem& p, double exp_rel, std::int64_t b, std::int64_t h, std::int64_t i) {
  const std::int64_t kv = h / (p.q_heads() / p.kv_heads());
  std::vector<double> scores;
  std::vector<std::int64_t> keys;
  double alpha = 0;
  for (std::int64_t j = 0; j < p.kv_len(); ++j) {
    if (!visible(p, b, h, i, j)) continue;
    double dot = 0;
    double magnitude = 0;
    for (std::int64_t c = 0; c < p.qk_dim(); ++c) {
      dot += p.q.at({b, h, i, c}) * p.k.at({b, kv, j, c});
      magnitude += std::fabs(p.q.at({b, h, i, c}) * p.k.at({b, kv, j, c}));
    }
    const double bias = p.bias ? p.bias->at({b, h, i, j}) : 0;
    const double product = growth(static_cast<double>(p.qk_dim()) + 2) * std::fabs(p.scale) * magnitude;
    scores.push_back(p.scale * dot + bias);
    alpha = std::max(alpha, product + kUnit * (std::fabs(scores.back()) + product));
    keys.push_back(j);
  }
  const double top = *std::max_element(scores.begin(), scores.end());
  const double gap = top - *std::min_element(scores.begin(), scores.end()) + 2 * alpha;
  const auto n = static_cast<double>(keys.size());
  const double weight_factor = std::exp(2 * alpha + kUnit * gap) * (1 + exp_rel);
  const double factor = weight_factor * weight_factor * (1 + growth(2 * n + 3)) - 1;
  double sum = 0;
  for (const double score : scores) sum += std::exp(score - top);
  PlainRow row;
  for (std::int64_t c = 0; c < p.v_dim(); ++c) {
    double mean = 0;
    double magnitude = 0;
    double total = 0;
    for (std::size_t j = 0; j < keys.size(); ++j) {
      const double value = p.v.at({b, kv, keys[j], c});
      mean += std::exp(scores[j] - top) / sum * value;
      magnitude += std::exp(scores[j] - top) / sum * std::fabs(value);
      total += std::fabs(value);
    }
    row.out.push_back(mean);
    // The reference's own double rounding is below a millionth of `factor`.
    row.bound.push_back(factor * (1 + 1e-6) * magnitude + 0x1p-125 * (total + n * std::fabs(mean)));
  }
  return row;
}

// Largest |out - reference| / bound.
double plain_ratio(const Problem& problem, const Tensor& out) {
  const double exp_rel = oracle::parse_contract(alternative(info().contract, "f32")).exp.relative;
  double largest = 0;
  for_each_row(problem, [&](std::int64_t b, std::int64_t h, std::int64_t i) {
    const PlainRow row = plain_row(problem, exp_rel, b, h, i);
    for (std::int64_t c = 0; c < problem.v_dim(); ++c) {
      const auto channel = static_cast<std::size_t>(c);
      const double ratio = std::fabs(out.at({b, h, i, c}) - row.out[channel]) / row.bound[channel];
      largest = ratio <= largest ? largest : (std::isnan(ratio) ? HUGE_VAL : ratio);
    }
  });
  return largest;
}

Problem with_features(std::uint64_t seed) {
  Problem problem = random_problem({2, 6, 3, 7, 19, 12, 9}, DType::f32, seed);
  problem.causal = seed % 2 == 0 ? Causal::bottom_right : Causal::none;
  if (seed % 3 == 0) problem.window_left = 4;
  problem.bias = Tensor(DType::f32, {1, 6, 7, 19});
  std::mt19937_64 generator(seed);
  std::normal_distribution<double> normal;
  std::vector<double> values(static_cast<std::size_t>(problem.bias->count()));
  for (double& value : values) value = normal(generator);
  problem.bias->assign(values);
  return problem;
}

TEST(OnednnNumerics, StaysWithinAPlainBoundOfAPlainReference) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const Problem problem = with_features(seed);
    EXPECT_LE(plain_ratio(problem, output_of(problem)), 1) << describe(problem);
  }
}

TEST(OnednnNumerics, APlainBoundCatchesAScaleThatIsOffByAThousandth) {
  const Problem problem = with_features(1);
  Problem wrong = problem;
  wrong.scale *= 1.001;
  EXPECT_GT(plain_ratio(problem, output_of(wrong)), 1);
}

oracle::Judgement judged(const Problem& asked, const Problem& computed) {
  const oracle::ContractSet contract =
      oracle::contract_for(info().contract, asked.q.dtype(), asked.k.dtype());
  EXPECT_TRUE(contract.declared);
  return oracle::judge(asked, run(computed).result, contract);
}

Problem everything(DType dtype, std::uint64_t seed) {
  const auto n = static_cast<std::int64_t>(5 + 13 * seed);
  Problem problem = random_problem({2, 6, seed % 2 == 0 ? 6 : 2, 9, n, 24, 17}, dtype, seed);
  problem.causal = seed % 3 == 0 ? Causal::bottom_right : Causal::none;
  if (seed % 4 == 1) problem.window_right = 3;
  if (seed % 2 == 1) problem.softcap = 2.5;
  if (seed % 5 != 0) {
    problem.alibi_slopes = Tensor(DType::f32, {6});
    problem.alibi_slopes->assign({0.5, 0.25, 0.125, 0.1, 0.05, 0.01});
  }
  if (seed % 3 == 1) {
    problem.kv_lens = Tensor(DType::i32, {2});
    problem.kv_lens->assign({static_cast<double>(n), 9});
  }
  problem.bias = Tensor(DType::f32, {2, 1, 9, n});
  std::vector<double> values(static_cast<std::size_t>(problem.bias->count()));
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = i % 7 == 3 ? -HUGE_VAL : std::sin(static_cast<double>(i));
  problem.bias->assign(values);
  return problem;
}

TEST(OnednnNumerics, KeepsItsDeclaredContract) {
  for (const DType dtype : {DType::f32, DType::bf16}) {
    if (dtype == DType::bf16 && alternative(info().contract, "unfused-bf16").empty()) continue;
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
      const Problem problem = everything(dtype, seed);
      ASSERT_EQ(why_invalid(problem), "");
      ASSERT_EQ(run(problem).status, kernel::RunStatus::ok) << describe(problem);
      const oracle::Judgement judgement = judged(problem, problem);
      EXPECT_FALSE(judgement.violated()) << describe(problem) << " ratio " << judgement.worst.ratio;
      EXPECT_EQ(judgement.out.within, judgement.out.total()) << describe(problem);
    }
  }
}

TEST(OnednnNumerics, AContractCatchesOneLeakedKey) {
  for (const DType dtype : {DType::f32, DType::bf16}) {
    if (dtype == DType::bf16 && alternative(info().contract, "unfused-bf16").empty()) continue;
    Problem leaky = random_problem({1, 2, 2, 4, 24, 16, 8}, dtype, 5);
    Problem asked = leaky;
    asked.mask = Tensor(DType::u8, {1, 1, 1, 24});
    asked.mask->assign(std::vector<double>(24, 1));
    asked.mask->set({0, 0, 0, 23}, 0);
    EXPECT_TRUE(judged(asked, leaky).violated());
  }
}

TEST(OnednnNumerics, ExponentialsKeepTheDeclaredError) {
  const Declared declared = declared_f32();
  const double worst = worst_exponential("");
  EXPECT_LE(worst, declared.exp_rel);
  EXPECT_GT(worst, 0.95 * declared.exp_rel) << "declared looser than it is";
}

TEST(OnednnNumerics, TanhKeepsTheDeclaredError) {
  const Declared declared = declared_f32();
  const double worst = worst_tanh("");
  EXPECT_LE(worst, declared.tanh_rel);
  EXPECT_GT(worst, kUnit) << "the measurement must see tanh's own error";
}

}  // namespace
}  // namespace attest::onednn_tests
