#include "oracle/double_double/row_by_keys.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "oracle/blocked/rounding.hpp"
#include "oracle/double_double/kernels.hpp"
#include "oracle/double_double/limits.hpp"
#include "oracle/double_double/logarithm.hpp"
#include "oracle/double_double/scalar.hpp"

namespace attest::oracle::dd {
namespace {

using blocked::up;

constexpr double kU2 = kU * kU;
constexpr double kMostError = 0x1p-20;  // of a score whose weight counts

Double2 two_product(double a, double b) {
  const double product = a * b;
  return {product, std::fma(a, b, -product)};
}

double magnitude(const Double2& x) { return std::fabs(x.hi) * (1 + 0x1p-52); }

// Numbers of the keys, then of the sink where there is one; high and low parts apart, as the vector loops
// take them.
struct Pairs {
  explicit Pairs(std::size_t n) : hi((n + kLanes - 1) / kLanes * kLanes), lo(hi.size()) {}
  Double2 at(std::size_t j) const { return {hi[j], lo[j]}; }
  void set(std::size_t j, const Double2& x) {
    hi[j] = x.hi;
    lo[j] = x.lo;
  }
  std::vector<double> hi, lo;
};

struct Scores {
  explicit Scores(std::size_t n) : value(n), error(n) {}
  Pairs value;
  std::vector<double> error;  // of each
  double offset = 0;          // what must be added to all
  bool usable = true;
};

// q.k, and at least sum |q_c k_c|.
Double2 product_of(const Row& row, std::size_t j, double& magnitudes) {
  const double* key = row.k.data() + j * static_cast<std::size_t>(row.qk_dim);
  Double2 dot;
  magnitudes = 0;
  for (std::size_t c = 0; c < row.q.size(); ++c) {
    const Double2 p = two_product(row.q[c], key[c]);
    dot = add(dot, p);
    magnitudes += std::fabs(p.hi);
  }
  magnitudes = up(magnitudes);
  return dot;
}

// A number that can be taken off every bias without rounding, or 0: what is as large in all is not added.
double common_bias(const Row& row) {
  if (row.bias.empty() || row.sink) return 0;
  const double most = *std::max_element(row.bias.begin(), row.bias.end());
  const bool exact =
      std::all_of(row.bias.begin(), row.bias.end(), [most](double b) { return two_sum(b, -most).lo == 0; });
  return exact ? most : 0;
}

void scale_and_cap(const Row& row, Scores& s) {
  const auto d = static_cast<double>(row.qk_dim);
  for (std::size_t j = 0; j < static_cast<std::size_t>(row.keys); ++j) {
    double magnitudes = 0;
    const Double2 scaled = multiply({row.scale, 0}, product_of(row, j, magnitudes));
    s.usable = s.usable && std::fabs(row.scale) * magnitudes < kMostTerms;
    s.value.set(j, scaled);
    s.error[j] = up(std::fabs(row.scale) * (4 * kU2 * d * magnitudes + d * kTiny) +
                    8 * kU2 * magnitude(scaled) + kTiny);
  }
  if (row.softcap == 0 || !s.usable) return;
  Pairs& x = s.value;
  softcaps(x.hi.data(), x.lo.data(), row.softcap, x.hi.data(), x.lo.data(), x.hi.size());
  for (double& error : s.error) error = up(error + 64 * kU2 * row.softcap);
}

Scores scores_of(const Row& row) {
  const auto n = static_cast<std::size_t>(row.keys);
  Scores s(n + (row.sink ? 1 : 0));
  scale_and_cap(row, s);
  s.offset = common_bias(row);
  for (std::size_t j = 0; j < n; ++j) {
    const double bias = row.bias.empty() ? 0 : row.bias[j] - s.offset;
    const Double2 alibi = row.distance.empty() ? Double2{} : two_product(-row.slope, row.distance[j]);
    const Double2 biased = add(s.value.at(j), {bias, 0});
    const double terms = up(std::fabs(bias) + magnitude(alibi));
    s.usable = s.usable && terms < kMostTerms;
    s.error[j] = up(s.error[j] + 8 * kU2 * (magnitude(s.value.at(j)) + terms) + 2 * kTiny);
    s.value.set(j, add(biased, alibi));
  }
  if (row.sink) {
    s.value.set(n, {*row.sink, 0});
    s.error[n] = 0;
  }
  return s;
}

// Weights relative to the exact score of one key, whose weight is 1.
struct Weights {
  explicit Weights(std::size_t n) : value(n), error(n) {}
  Pairs value;
  std::vector<double> error;  // relative
  std::size_t largest = 0;
  double lost = 0;  // of all that are 0 here
  Double2 sum;
  double sum_error = 0, sum_below = 0;
  bool usable = true;
};

Weights weights_of(const Scores& s) {
  const std::size_t n = s.error.size();
  Weights w(n);
  const auto end = s.value.hi.begin() + static_cast<std::ptrdiff_t>(n);
  w.largest = static_cast<std::size_t>(std::max_element(s.value.hi.begin(), end) - s.value.hi.begin());
  const Double2 top = s.value.at(w.largest);
  Pairs x(n);
  std::fill(x.hi.begin(), x.hi.end(), kLowest);
  std::vector<bool> counts(n);
  for (std::size_t j = 0; j < n; ++j) {
    const Double2 below = add(s.value.at(j), {-top.hi, -top.lo});
    double error =
        up(s.error[j] + s.error[w.largest] + 4 * kU2 * (magnitude(s.value.at(j)) + magnitude(top)));
    if (j == w.largest) error = 0;
    counts[j] = below.hi >= kLowest;
    if (counts[j]) {
      x.set(j, below);
      w.usable = w.usable && error < kMostError;
      w.error[j] = up(std::expm1(error) * (1 + 0x1p-50) + exp_error(std::fabs(below.hi)) * (1 + 0x1p-18));
      if (j == w.largest) w.error[j] = 0;
    } else {
      // Not above e^-600, error and all, or nothing is known.
      w.usable = w.usable && below.hi + error < kLowest + 0.5;
      w.lost += 2 * kLostWeight;
    }
  }
  exponentials(x.hi.data(), x.lo.data(), w.value.hi.data(), w.value.lo.data(), x.hi.size());
  w.value.set(w.largest, {1, 0});
  double error = 0;
  for (std::size_t j = 0; j < n; ++j) {
    if (!counts[j]) w.value.set(j, {});
    w.sum = add(w.sum, w.value.at(j));
    error += w.value.hi[j] * w.error[j];
  }
  w.sum_error = up(error + 4 * kU2 * static_cast<double>(n) * w.sum.hi + w.lost);
  w.sum_below = w.sum.hi * (1 - 0x1p-50) - w.sum_error;
  return w;
}

// The value of a key in a channel; the sink has none.
double value_at(const Row& row, std::size_t j, std::size_t c) {
  return j < static_cast<std::size_t>(row.keys) ? row.v[j * static_cast<std::size_t>(row.v_dim) + c] : 0;
}

Known channel(const Row& row, const Weights& w, std::size_t c) {
  const std::size_t n = w.error.size();
  double numerator = 0;
  for (std::size_t j = 0; j < n; ++j) numerator += w.value.hi[j] * value_at(row, j, c);
  // Any centre will do.
  const double centre = n == 1 ? value_at(row, 0, c) : numerator / w.sum.hi;
  Double2 residual;
  double error = 0;
  double farthest = 0;
  for (std::size_t j = 0; j < n; ++j) {
    const Double2 away = two_sum(value_at(row, j, c), -centre);
    const double term = w.value.hi[j] * magnitude(away);
    residual = add(residual, multiply(w.value.at(j), away));
    error += term * (w.error[j] + (8 + 4 * static_cast<double>(n)) * kU2);
    farthest = std::max(farthest, magnitude(away));
  }
  const double residual_error = up(error + w.lost * farthest + static_cast<double>(n) * kTiny);
  const Double2 q = divide(residual, w.sum);
  const Double2 sum = two_sum(centre, q.hi);
  const double radius = (residual_error + magnitude(q) * w.sum_error) / w.sum_below +
                        16 * kU2 * magnitude(q) + 4 * kU2 * (std::fabs(sum.hi) + magnitude(q));
  return {sum.hi, sum.lo + q.lo, up(radius)};
}

bool in_range(const Row& row) {
  const auto below = [](const std::vector<double>& values, double most) {
    return std::all_of(values.begin(), values.end(), [most](double x) { return std::fabs(x) < most; });
  };
  return below(row.q, kMostNorm) && below(row.k, kMostNorm) && below(row.v, kMostValue) &&
         factor_in_range(row.scale) && factor_in_range(row.softcap) &&
         !(row.sink && std::fabs(*row.sink) >= kMostTerms);
}

}  // namespace

SharpRow sharpen_by_keys(const Row& row) {
  SharpRow sharp;
  if (!in_range(row)) return sharp;
  const Scores scores = scores_of(row);
  if (!scores.usable) return sharp;
  const Weights weights = weights_of(scores);
  if (!weights.usable || !(weights.sum_below > 0)) return sharp;
  const Logarithm log = logarithm(weights.sum);
  if (!log.usable) return sharp;
  const Double2 top = scores.value.at(weights.largest);
  const Double2 lse = add(add({scores.offset, 0}, top), two_sum(log.y, log.z));
  sharp.lse = {lse.hi, lse.lo,
               up(scores.error[weights.largest] + weights.sum_error / weights.sum_below + log.error +
                  8 * kU2 * (std::fabs(scores.offset) + magnitude(top) + std::fabs(log.y)) + kTiny)};
  for (std::size_t c = 0; c < static_cast<std::size_t>(row.v_dim); ++c)
    sharp.out.push_back(channel(row, weights, c));
  sharp.usable = true;
  return sharp;
}

}  // namespace attest::oracle::dd
