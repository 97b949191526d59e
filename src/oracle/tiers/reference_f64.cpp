// Tier 1. Two passes over the row in f64, from the definition, with a rigorous radius.
//
// Notation: u = 2^-53; a starred value is exact, an unstarred one computed. es_j bounds |s_j - s*_j|, stage
// by stage. With any shift m, w*_j = exp(s*_j - m) lies within w_j (1 +- rho_j) +- eta, where rho_j =
// exp(es_j + u |s_j - m|) (1 + 2u) - 1 (glibc's exp is within 1 ulp = 2u) and eta covers underflow. For any
// centre c, sum w*_j (v_j - c) / S* = o* - c. So with c = the computed quotient and the residual r = sum w_j
// (v_j - c), o* = c + r / S to within
//   (sum w_j (rho_j + gamma_{n+2}) |v_j - c| + n eta max|v_j - c|) / S_lower + |r / S| (relative error of S +
//   2u):
// the error scales with the spread of the values, not with their size.
#include <algorithm>
#include <cmath>

#include "numerics/elementary.hpp"
#include "oracle/tiers/references.hpp"

namespace attest::oracle {
namespace {

constexpr double kU = 0x1p-53;
constexpr double kEta = 0x1p-1070;  // above the absolute error of any single operation that underflows

// Outward: covers the rounding of any sum of up to 2^22 nonnegative terms and a few operations on it.
double up(double x) { return x * (1 + 0x1p-30) + kEta; }

// n u / (1 - n u), from above, for n < 2^30.
double gamma(double n) { return n * kU * (1 + 0x1p-20); }

// value * relative, where nothing is known of a value with an infinite relative error.
double times(double value, double relative) { return std::isinf(relative) ? HUGE_VAL : value * relative; }

struct Score {
  double value = 0;
  double error = 0;
};

Score softcapped(const Row& row, Score s) {
  const double value = row.softcap * std::tanh(s.value / row.softcap);
  // tanh is a contraction; glibc states at most 2 ulp = 4u for it; one division, one product.
  const double error = s.error + 2 * kU * std::fabs(s.value) + 8 * kU * std::fabs(value) + kEta;
  return {value, up(error)};
}

Score added(Score s, double term, double term_error) {
  const double value = s.value + term;
  return {value, up(s.error + term_error + kU * std::fabs(value))};
}

double magnitude(const Score& s) { return up(std::fabs(s.value) + s.error); }

Score score_of(const Row& row, std::int64_t j, KeyFacts& facts) {
  const double* key = row.k.data() + j * row.qk_dim;
  double dot = 0;
  double dot_abs = 0;
  double key_abs = 0;
  for (std::int64_t c = 0; c < row.qk_dim; ++c) {
    const double product = row.q[static_cast<std::size_t>(c)] * key[c];
    dot += product;
    dot_abs += std::fabs(product);
    key_abs += std::fabs(key[c]);
  }
  const auto d = static_cast<double>(row.qk_dim);
  facts.dot_abs = up(dot_abs + d * kEta);
  facts.key_abs = up(key_abs);
  const Score product{dot, up(gamma(d) * facts.dot_abs + d * kEta)};
  facts.product = magnitude(product);
  Score s{row.scale * dot, 0};
  s.error = up(std::fabs(row.scale) * product.error + kU * std::fabs(s.value) + kEta);
  facts.scaled = magnitude(s);
  if (row.softcap != 0) s = softcapped(row, s);
  facts.capped = magnitude(s);
  facts.running = facts.capped;
  const Score capped = s;
  const auto at = static_cast<std::size_t>(j);
  const double bias = row.bias.empty() ? 0 : row.bias[at];
  const double alibi = row.distance.empty() ? 0 : row.slope * row.distance[at];
  const double alibi_error = kU * std::fabs(alibi) + kEta;
  if (!row.bias.empty()) {
    s = added(s, bias, 0);
    facts.bias = std::fabs(bias);
    facts.running = std::max(facts.running, magnitude(s));
  }
  if (!row.distance.empty()) {
    s = added(s, -alibi, alibi_error);
    facts.alibi = up(std::fabs(alibi) + alibi_error);
    facts.running = std::max({facts.running, magnitude(added(capped, -alibi, alibi_error)),
                              magnitude(added({bias, 0}, -alibi, alibi_error))});
  }
  facts.final = magnitude(s);
  facts.running = std::max(facts.running, facts.final);
  return s;
}

// The computed weights exp(s_j - m) and what is known of their errors.
struct Weights {
  double shift = 0;               // m
  double score_error = 0;         // max es_j
  std::vector<double> w, rho;     // rho: relative error, with eta beside it
  double sum = 0, sum_error = 0;  // |sum - S*| <= sum_error
};

Weights weights_of(const std::vector<Score>& scores) {
  Weights result;
  result.shift = -HUGE_VAL;
  for (const Score& s : scores) {
    result.shift = std::max(result.shift, s.value);
    result.score_error = std::max(result.score_error, s.error);
  }
  double error = 0;
  for (const Score& s : scores) {
    const double argument = s.value - result.shift;
    const double w = std::exp(argument);
    const double rho = up(expm1_above(s.error + 2 * kU * std::fabs(argument)) * (1 + 8 * kU) + 4 * kU);
    result.w.push_back(w);
    result.rho.push_back(rho);
    result.sum += w;
    error += times(w, rho);
  }
  const auto n = static_cast<double>(scores.size());
  result.sum_error = up(error + gamma(n) * result.sum + n * kEta);
  return result;
}

// Sums of all channels, key by key: the values of a key lie side by side.
std::vector<Known> channels(const Row& row, const Weights& weights, double sum_lower) {
  const auto n = static_cast<std::size_t>(row.v_dim);
  const auto keys = static_cast<std::size_t>(row.keys);
  const std::vector<double> zeros(n);
  const auto values = [&](std::size_t j) { return j < keys ? row.v.data() + j * n : zeros.data(); };
  std::vector<double> centre(n);
  for (std::size_t j = 0; j < keys; ++j) {
    const double* v = values(j);
    for (std::size_t c = 0; c < n; ++c) centre[c] += weights.w[j] * v[c];
  }
  for (double& x : centre) x /= weights.sum;
  std::vector<double> residual(n);
  std::vector<double> spread(n);
  std::vector<double> spread_error(n);
  std::vector<double> farthest(n);
  for (std::size_t j = 0; j < weights.w.size(); ++j) {
    const double* v = values(j);
    const double w = weights.w[j];
    const double error = times(w, weights.rho[j]);
    for (std::size_t c = 0; c < n; ++c) {
      const double deviation = v[c] - centre[c];
      const double away = std::fabs(deviation);
      const double off = error * away;
      residual[c] += w * deviation;
      spread[c] += w * away;
      spread_error[c] += away == 0 ? 0 : off;
      farthest[c] = farthest[c] < away ? away : farthest[c];
    }
  }
  const auto count = static_cast<double>(weights.w.size());
  const double relative = up(weights.sum_error / sum_lower + 2 * kU);
  std::vector<Known> known(n);
  for (std::size_t c = 0; c < n; ++c) {
    const double correction = residual[c] / weights.sum;
    const double error = spread_error[c] + gamma(count + 2) * spread[c] + count * kEta * (farthest[c] + 1);
    const double of_correction = correction == 0 ? 0 : std::fabs(correction) * relative;
    known[c] = {centre[c], correction, up(up(error) / sum_lower + of_correction)};
  }
  return known;
}

struct Scored {
  RowFacts facts;  // all but out and lse
  Weights weights;
  double sum_lower = 1;  // of the weights' exact sum
};

Scored scored(const Row& row) {
  Scored result;
  RowFacts& facts = result.facts;
  std::vector<Score> scores;
  facts.keys.resize(static_cast<std::size_t>(row.keys) + (row.sink ? 1 : 0));
  double key_max = -HUGE_VAL;
  for (std::int64_t j = 0; j < row.keys; ++j) {
    scores.push_back(score_of(row, j, facts.keys[static_cast<std::size_t>(j)]));
    key_max = std::max(key_max, scores.back().value - scores.back().error);
  }
  if (row.sink) {
    scores.push_back({*row.sink, 0});
    KeyFacts& sink = facts.keys.back();
    sink.sink = true;
    sink.final = sink.running = std::fabs(*row.sink);
    facts.sink_excess = row.keys > 0 ? up(std::max(0.0, *row.sink - key_max)) : 0;
  }
  result.weights = weights_of(scores);
  const Weights& weights = result.weights;
  // The largest score's exact weight is at least exp(-es), however large the errors.
  const double sum_lower = std::max(weights.sum * (1 - 0x1p-30) - weights.sum_error,
                                    std::exp(-weights.score_error) * (1 - 0x1p-30));
  result.sum_lower = sum_lower;
  facts.max_abs_score = up(std::fabs(weights.shift) + weights.score_error);
  facts.sum_lower = std::max(1.0, sum_lower * std::exp(-weights.score_error) * (1 - 0x1p-30));
  facts.log_sum_upper = up(std::log(weights.sum + weights.sum_error) + weights.score_error);
  for (std::size_t j = 0; j < scores.size(); ++j) {
    KeyFacts& key = facts.keys[j];
    key.gap = up(weights.shift - scores[j].value + weights.score_error + scores[j].error);
    key.probability = std::min(1.0, up((times(weights.w[j], 1 + weights.rho[j]) + kEta) / sum_lower));
  }
  return result;
}

}  // namespace

RowFacts facts_of_keys(const Row& row) { return scored(row).facts; }

RowFacts reference_f64(const Row& row) {
  auto [facts, weights, sum_lower] = scored(row);
  facts.out = channels(row, weights, sum_lower);
  const double log_sum = std::log(weights.sum);
  facts.lse = {weights.shift, log_sum, up(weights.sum_error / sum_lower + 4 * kU * std::fabs(log_sum))};
  return facts;
}

}  // namespace attest::oracle
