// The same source in double and in 200 bits: each holds the other to account.
#include <algorithm>
#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "attention/run.hpp"
#include "semantics/mpfr.hpp"
#include "semantics/native.hpp"

namespace attest::attention {
namespace {

struct Row {
  std::vector<double> scores, values;
};

Row normal_row(std::mt19937_64& random, std::size_t keys, double deviation) {
  std::normal_distribution<double> normal;
  Row row;
  for (std::size_t j = 0; j < keys; ++j) {
    row.scores.push_back(deviation * normal(random));
    row.values.push_back(normal(random));
  }
  return row;
}

double exact_output(const Row& row, const Schedule& schedule) {
  const semantics::Mpfr k(200);
  std::vector<semantics::Mpfr::Number> scores;
  std::vector<std::vector<semantics::Mpfr::Number>> values;
  for (const double s : row.scores) scores.push_back(k.number(s));
  for (const double v : row.values) values.push_back({k.number(v)});
  return finalize(k, *run(k, schedule, scores, values))[0].convert_to<double>();
}

double double_output(const Row& row, const Schedule& schedule) {
  std::vector<std::vector<double>> values;
  for (const double v : row.values) values.push_back({v});
  return finalize(semantics::F64{}, *run(semantics::F64{}, schedule, row.scores, values))[0];
}

// How far a run in double may be from the exact output. Each of n keys passes at most n merges, so its weight
// is a product of at most n + 1 exponentials, each off by 2 u relative (1 ulp), of shifted scores whose
// roundings sum to u times the total shift G = max s - min s: common factor error A = exp(u G)(1 + 2u)^(n+1)
// - 1. Numerator and denominator apart take n products by rescale factors, one by the value, and n additions:
// B = (1 + u)^(2n+1) - 1. So |N/D - o| <= max|v| (2A + 2(1 + A)B) / (1 - A - (1 + A)B), and the division
// rounds once more.
double bound(const Row& row) {
  const double u = 0x1p-53;
  const auto n = static_cast<double>(row.scores.size());
  const auto [least, greatest] = std::minmax_element(row.scores.begin(), row.scores.end());
  const double common = std::expm1(u * (*greatest - *least) + (n + 1) * 2 * u);
  const double apart = std::expm1((2 * n + 1) * u);
  double largest = 0;
  for (const double v : row.values) largest = std::max(largest, std::fabs(v));
  const double error = largest * 2 * (common + (1 + common) * apart) / (1 - common - (1 + common) * apart);
  return 1.001 * (error + (largest + error) * u);  // 0.1 % for the evaluation of this bound itself
}

TEST(Double, StaysWithinItsBoundOfTwoHundredBits) {
  std::mt19937_64 random(1);
  double worst = 0;
  for (const std::size_t keys : {1U, 2U, 9U, 64U, 257U}) {
    for (const double deviation : {0.1, 3.0, 30.0}) {
      const Row row = normal_row(random, keys, deviation);
      const double exact = exact_output(row, sequential(keys));
      for (const auto& schedule : {sequential(keys), tiled(keys, 16), tree(keys), split_k(keys, 4, 8)}) {
        const double error = std::fabs(double_output(row, schedule) - exact);
        EXPECT_LE(error, bound(row) + std::ldexp(std::fabs(exact), -53)) << keys << " " << deviation;
        worst = std::max(worst, error / bound(row));
      }
    }
  }
  EXPECT_GT(worst, 1e-4);  // the comparison is not of a number with itself
}

// The bound is narrow enough to see a fault: P rounded to 32 bits.
struct NarrowProbability : semantics::F64 {
  double probability(double x) const { return static_cast<float>(x); }
};

TEST(Double, LeavesItsBoundWithProbabilitiesInSinglePrecision) {
  std::mt19937_64 random(2);
  const Row row = normal_row(random, 64, 1.0);
  std::vector<std::vector<double>> values;
  for (const double v : row.values) values.push_back({v});
  const NarrowProbability k;
  const double output = finalize(k, *run(k, tiled(64, 16), row.scores, values))[0];
  EXPECT_GT(std::fabs(output - exact_output(row, tiled(64, 16))), 100 * bound(row));
}

}  // namespace
}  // namespace attest::attention
