#include "oracle/double_double/logarithm.hpp"

#include <array>
#include <cmath>

#include "oracle/double_double/kernels.hpp"

namespace attest::oracle::dd {

Logarithm logarithm(const Double2& l) {
  const double y = std::log(l.hi);
  const std::array<double, kLanes> x{-y};
  const std::array<double, kLanes> zero{};
  std::array<double, kLanes> e_hi{};
  std::array<double, kLanes> e_lo{};
  exponentials(x.data(), zero.data(), e_hi.data(), e_lo.data(), kLanes);
  const Double2 p = multiply(l, {e_hi[0], e_lo[0]});
  const double t = (p.hi - 1) + p.lo;  // the difference is exact
  return {.y = y,
          .z = t - 0.5 * t * t,
          .error = exp_error(std::fabs(y)) + 16 * kU * kU + 4 * kU * std::fabs(t),
          .usable = std::fabs(t) < 0x1p-40};
}

}  // namespace attest::oracle::dd
