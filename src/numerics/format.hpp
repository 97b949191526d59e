// Binary floating-point formats and correctly rounded conversion into them.
#pragma once

#include <cmath>
#include <cstdint>
#include <string_view>

namespace attest {

enum class Rounding : std::uint8_t { nearest_even, toward_zero, upward, downward };

/// A binary interchange format in IEEE 754 terms: `precision` significand bits (hidden bit included),
/// exponents of normal numbers from `emin` to `emax`, gradual underflow, infinities.
struct Format {
  int precision;
  int emin;
  int emax;

  /// Largest relative error of one rounding to nearest: 2^-precision (doubled for directed rounding).
  double unit_roundoff(Rounding r = Rounding::nearest_even) const {
    return std::ldexp(1.0, r == Rounding::nearest_even ? -precision : 1 - precision);
  }
  double min_normal() const { return std::ldexp(1.0, emin); }
  double min_subnormal() const { return std::ldexp(1.0, emin - precision + 1); }
  double max_finite() const { return std::ldexp(2.0 - std::ldexp(1.0, 1 - precision), emax); }

  friend bool operator==(const Format&, const Format&) = default;
};

inline constexpr Format kBinary64{53, -1022, 1023};
inline constexpr Format kBinary32{24, -126, 127};
inline constexpr Format kBinary16{11, -14, 15};
inline constexpr Format kBfloat16{8, -126, 127};

/// Rounds a double to the nearest (or directed) value of `format`, as a double: gradual underflow, overflow
/// to infinity (or to the largest finite value where the direction says so), signed zeros and NaN kept. Exact
/// when `format` is binary64. For +, -, *, / of two values of a format with at most 25 bits, rounding the
/// double result is the correctly rounded operation (double rounding is innocuous: 53 >= 2 * 25 + 2).
double round_to(const Format& format, double x, Rounding rounding = Rounding::nearest_even);

/// "f64", "f32", "f16", "bf16", or "other".
std::string_view format_name(const Format& format);

}  // namespace attest
