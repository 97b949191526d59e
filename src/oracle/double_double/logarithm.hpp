// The logarithm of a pair.
#pragma once

#include "oracle/double_double/scalar.hpp"

namespace attest::oracle::dd {

/// What exp of a pair errs by at most, relatively, for |argument| <= x <= 600.
inline double exp_error(double x) { return 0x1p-101 + 3 * kU * kU * x; }

/// ln(l) = y + z, y an f64 number, z small, to `error`.
struct Logarithm {
  double y = 0, z = 0, error = 0;
  bool usable = false;  ///< false: z is not small
};
Logarithm logarithm(const Double2& l);

}  // namespace attest::oracle::dd
