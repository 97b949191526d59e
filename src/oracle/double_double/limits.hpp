// What the double-double tier takes, and what it counts as nothing.
#pragma once

#include <cmath>

namespace attest::oracle::dd {

constexpr double kMostNorm = 0x1p400, kMostValue = 0x1p600, kMostFactor = 0x1p100;
constexpr double kMostTerms = 0x1p300;    ///< |bias| + |slope distance| of any key
constexpr double kLostWeight = 0x1p-865;  ///< e^-600
constexpr double kTiny = 0x1p-1040;       ///< above the underflow of any few operations

/// Of scale and softcap.
inline bool factor_in_range(double x) {
  return x == 0 || (std::fabs(x) < kMostFactor && std::fabs(x) > 1 / kMostFactor);
}

}  // namespace attest::oracle::dd
