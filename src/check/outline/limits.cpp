#include "check/outline/limits.hpp"

#include <algorithm>
#include <cmath>

#include "check/outline/hiding_bias.hpp"
#include "oracle/contract/questions.hpp"

namespace attest::check {
namespace {

// An element is informative while its bound is below a quarter of the spread of the visible values. A score
// error of alpha moves a row by at most (e^alpha - 1) times half the spread, so alpha = 1/8 leaves room for
// the rest.
constexpr double kScoreError = 1.0 / 8;
// Likewise for relative errors of the sums.
constexpr double kSumError = 1.0 / 16;

}  // namespace

std::int64_t longest_row_of(const oracle::ContractSet& contract) {
  double rows = 0x1p40;
  for (const oracle::Contract& c : contract.alternatives)
    rows = std::min(rows, kSumError / oracle::sum_error_rate(c));
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(rows));
}

double hiding_bias_limit(const oracle::ContractSet& contract, DType out, std::int64_t keys, bool sloped) {
  double bias = HUGE_VAL;
  for (const oracle::Contract& c : contract.alternatives) {
    // Half of the range holds the scores, at most a 32nd, with every factor of the bound.
    const double most = oracle::largest_score(c) / 2;
    bias = std::min(bias, largest_hiding_bias(c, out, keys, sloped, most));
  }
  return bias;
}

Limits limits_of(const oracle::ContractSet& contract, DType out, DType kv, std::int64_t qk_dim,
                 std::int64_t keys) {
  double score = HUGE_VAL;
  double overflow = HUGE_VAL;
  double query = format_of(out).max_finite();
  double omega = std::min(format_of(out).max_finite(), format_of(kv).max_finite());
  for (const oracle::Contract& c : contract.alternatives) {
    score = std::min(score, kScoreError / oracle::score_error_rate(c, qk_dim));
    overflow = std::min(overflow, oracle::largest_score(c));
    query = std::min(query, oracle::largest_converted_query(c));
    omega = std::min(omega, oracle::largest_sum(c));
  }
  Limits limits;
  limits.query = query;
  limits.score = std::min(score, overflow / 32);
  limits.overflow = overflow;
  limits.keys = longest_row_of(contract);
  limits.value = omega / (4 * static_cast<double>(std::max<std::int64_t>(1, keys)));
  return limits;
}

}  // namespace attest::check
