#include "numerics/format.hpp"

#include <algorithm>

namespace attest {
namespace {

// Rounds |x| / quantum to an integer in the given direction; exact because the quotient has at most 53 bits.
double round_quotient(double x, int quantum_exponent, Rounding rounding) {
  const double scaled = std::ldexp(x, -quantum_exponent);
  double whole = 0;
  switch (rounding) {
    case Rounding::nearest_even:
      whole = std::nearbyint(scaled);
      break;
    case Rounding::toward_zero:
      whole = std::trunc(scaled);
      break;
    case Rounding::upward:
      whole = std::ceil(scaled);
      break;
    case Rounding::downward:
      whole = std::floor(scaled);
      break;
  }
  return std::ldexp(whole, quantum_exponent);
}

double overflowed(const Format& format, double x, Rounding rounding) {
  const bool to_finite = rounding == Rounding::toward_zero || (rounding == Rounding::upward && x < 0) ||
                         (rounding == Rounding::downward && x > 0);
  return std::copysign(to_finite ? format.max_finite() : HUGE_VAL, x);
}

}  // namespace

double round_to(const Format& format, double x, Rounding rounding) {
  if (x == 0 || !std::isfinite(x) || format == kBinary64) return x;
  const int exponent = std::max(std::ilogb(x), format.emin);
  const double rounded = round_quotient(x, exponent - format.precision + 1, rounding);
  if (std::fabs(rounded) > format.max_finite()) return overflowed(format, x, rounding);
  return std::copysign(rounded, x);
}

std::string_view format_name(const Format& format) {
  if (format == kBinary64) return "f64";
  if (format == kBinary32) return "f32";
  if (format == kBinary16) return "f16";
  if (format == kBfloat16) return "bf16";
  if (format == kTensorFloat32) return "tf32";
  if (format == kFloat8E4m3) return "e4m3";
  if (format == kFloat8E5m2) return "e5m2";
  return "other";
}

}  // namespace attest
