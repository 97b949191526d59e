// Errors of the f64 arithmetic of the blocked tier (docs/bound-derivation.md 13).
#pragma once

namespace attest::oracle::blocked {

constexpr double kU = 0x1p-53;
constexpr double kExpError = 0x1p-50;      ///< relative error of one exponential
constexpr double kSoftcapError = 12 * kU;  ///< absolute error of one softcap, in softcaps
constexpr double kLostWeight = 0x1p-1000;  ///< absolute error of one weight below e^-700
constexpr double kTiny = 0x1p-1040;        ///< above the underflow of any few operations

/// Covers the rounding of a sum of up to 2^22 nonnegative terms and a few operations on it.
inline double up(double x) { return x * (1 + 0x1p-30) + kTiny; }
inline double down(double x) { return x * (1 - 0x1p-30); }

/// h u / (1 - h u) from above, for h < 2^30.
inline double gamma(double h) { return h * kU * (1 + 0x1p-20); }

}  // namespace attest::oracle::blocked
