// Rounding to nearest even by search among a format's values, in exact arithmetic: independent of round_to.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "numerics/format.hpp"
#include "semantics/rational.hpp"

namespace attest::semantics {

class NearestBySearch {
 public:
  explicit NearestBySearch(const Format& format) {
    // Bit patterns in order: the fraction counts up, and carries into the exponent.
    const int fractions = 1 << (format.precision - 1);
    for (int exponent = format.emin - 1; exponent <= format.emax; ++exponent) {
      const bool subnormal = exponent < format.emin;
      for (int fraction = 0; fraction < fractions; ++fraction) {
        const int significand = subnormal ? fraction : fractions + fraction;
        magnitudes_.push_back(
            std::ldexp(significand, (subnormal ? format.emin : exponent) - format.precision + 1));
        exact_.emplace_back(magnitudes_.back());
      }
    }
    // One ulp past the largest value: at or beyond half way to it is infinity.
    magnitudes_.push_back(HUGE_VAL);
    exact_.emplace_back(std::ldexp(1.0, format.emax + 1));
  }

  /// All finite magnitudes of the format in ascending order; the parity of the index is that of the
  /// significand.
  std::vector<double> magnitudes() const { return {magnitudes_.begin(), magnitudes_.end() - 1}; }

  /// The nearest magnitude to x >= 0, ties to even.
  double operator()(const Rational::Number& x) const {
    const auto above = std::lower_bound(exact_.begin(), exact_.end(), x);
    if (above == exact_.end()) return HUGE_VAL;
    const auto index = static_cast<std::size_t>(above - exact_.begin());
    if (*above == x || index == 0) return magnitudes_[index];
    const Rational::Number to_above = *above - x;
    const Rational::Number to_below = x - exact_[index - 1];
    if (to_above == to_below) return magnitudes_[index % 2 == 0 ? index : index - 1];
    return magnitudes_[to_above < to_below ? index : index - 1];
  }

 private:
  std::vector<double> magnitudes_;
  std::vector<Rational::Number> exact_;
};

}  // namespace attest::semantics
