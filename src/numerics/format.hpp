// Binary floating-point formats and correctly rounded conversion into them.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <string_view>

namespace attest {

/// 2^exponent; precondition: -1074 <= exponent <= 1023. Bounds ask for unit roundoffs of every key, which
/// std::ldexp would make slow.
constexpr double power_of_two(int exponent) {
  constexpr int kLeast = -1074, kLeastNormal = -1022;
  const std::uint64_t bits = exponent >= kLeastNormal
                                 ? static_cast<std::uint64_t>(exponent - kLeastNormal + 1) << 52
                                 : std::uint64_t{1} << (exponent - kLeast);
  return std::bit_cast<double>(bits);
}

enum class Rounding : std::uint8_t { nearest_even, toward_zero, upward, downward };

/// A binary interchange format in IEEE 754 terms: `precision` significand bits (hidden bit included),
/// exponents of normal numbers from `emin` to `emax`, gradual underflow, infinities.
struct Format {
  int precision = 0;
  int emin = 0;
  int emax = 0;
  int missing = 0;  ///< of the largest numbers, which stand for NaN instead (e4m3)

  /// Largest relative error of one rounding to nearest: 2^-precision (doubled for directed rounding).
  constexpr double unit_roundoff(Rounding r = Rounding::nearest_even) const {
    return power_of_two(r == Rounding::nearest_even ? -precision : 1 - precision);
  }
  constexpr double min_normal() const { return power_of_two(emin); }
  constexpr double min_subnormal() const { return power_of_two(emin - precision + 1); }
  constexpr double max_finite() const {
    return (2.0 - (1 + missing) * power_of_two(1 - precision)) * power_of_two(emax);
  }

  friend bool operator==(const Format&, const Format&) = default;
};

inline constexpr Format kBinary64{53, -1022, 1023};
inline constexpr Format kBinary32{24, -126, 127};
inline constexpr Format kBinary16{11, -14, 15};
inline constexpr Format kBfloat16{8, -126, 127};
/// What tensor cores keep of an f32 number in a product: 11 bits with f32's exponents.
inline constexpr Format kTensorFloat32{11, -126, 127};
/// The 8-bit formats of OCP (FP8): e4m3 has no infinities and ends at 448.
inline constexpr Format kFloat8E4m3{4, -6, 8, 1};
inline constexpr Format kFloat8E5m2{3, -14, 15};

/// Rounds a double to the nearest (or directed) value of `format`, as a double: gradual underflow, overflow
/// to infinity (or to the largest finite value where the direction says so), signed zeros and NaN kept. Exact
/// when `format` is binary64. For +, -, *, / of two values of a format with at most 25 bits, rounding the
/// double result is the correctly rounded operation (double rounding is innocuous: 53 >= 2 * 25 + 2).
double round_to(const Format& format, double x, Rounding rounding = Rounding::nearest_even);

/// "f64", "f32", "tf32", "f16", "bf16", "e4m3", "e5m2", or "other".
std::string_view format_name(const Format& format);

}  // namespace attest
