#include "oracle/noise/noise_sums.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "numerics/random_value.hpp"

namespace attest::oracle {
namespace {

double square(double x) { return x * x; }

}  // namespace

void GroupedSquares::add(std::size_t key, double x) {
  squares_ += x * x;
  if (!sums_.empty()) sums_[alike_.group[key]] += x;
}

double GroupedSquares::take() {
  double together = 0;
  for (double& sum : sums_) together += square(std::exchange(sum, 0));
  return std::max(together, std::exchange(squares_, 0));
}

Noise NoisySum::of(const std::vector<double>& terms, double total) {
  double squares = 0;
  for (const double t : terms) squares += t * t;
  // No partial sum is larger than this, on average.
  const double scale = std::sqrt(std::max(square(total), squares));
  const double unit = u_ * scale;
  // Terms below half a unit in the last place are lost, and with them their sign.
  double absorbed = 0;
  double rest = 0;
  for (const double t : terms) {
    if (std::fabs(t) < unit)
      absorbed += t;
    else
      ++rest;
  }
  Noise noise;
  if (depth_ < n_) {
    noise.variance = depth_ * square(unit);
  } else if (repeats_) {
    noise.variance = repeated(terms, unit);
  } else {
    // Of independent terms of deviation sigma, two lie in one cell of 2 u with probability
    // u / (sqrt(pi) sigma).
    const double sigma = std::sqrt(squares / n_);
    const double alike = sigma > 0 ? std::min(1.0, 0.57 * unit / sigma) : 0;
    noise.variance = square(unit) * rest * (1 + (rest - 1) * alike);
  }
  noise.offset = std::fabs(absorbed);
  return noise;
}

// An addition's error is a function of the term and of the sum's last bits: terms that are equal to within
// a unit err alike while the sum stays in one binade.
double NoisySum::repeated(const std::vector<double>& terms, double unit) {
  std::fill(cells_.begin(), cells_.end(), 0.0);
  for (const double t : terms) {
    if (std::fabs(t) < unit) continue;
    const double cell = std::nearbyint(t / (2 * unit));
    cells_[mixed(static_cast<std::uint64_t>(static_cast<std::int64_t>(cell))) % cells_.size()] += unit;
  }
  double variance = 0;
  for (const double sum : cells_) variance += square(sum);
  return variance;
}

}  // namespace attest::oracle
