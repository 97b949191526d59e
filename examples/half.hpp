// The 16-bit float formats and their conversions, rounded to nearest even.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

struct Float16 {
  std::uint16_t bits;
};
struct Bfloat16 {
  std::uint16_t bits;
};

inline std::uint32_t bits_of(float value) {
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

inline float float_of(std::uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

inline float to_float(float value) { return value; }
inline float to_float(Bfloat16 value) { return float_of(static_cast<std::uint32_t>(value.bits) << 16); }
inline float to_float(Float16 value) {
  const int exponent = (value.bits >> 10) & 0x1f;
  const int fraction = value.bits & 0x3ff;
  float magnitude;
  if (exponent == 0x1f) {
    magnitude = fraction == 0 ? INFINITY : NAN;
  } else if (exponent == 0) {
    magnitude = std::ldexp(static_cast<float>(fraction), -24);
  } else {
    magnitude = float_of(static_cast<std::uint32_t>(exponent + 112) << 23 |
                         static_cast<std::uint32_t>(fraction) << 13);
  }
  return (value.bits & 0x8000) != 0 ? -magnitude : magnitude;
}

template <class T>
T from_float(float value);

template <>
inline float from_float<float>(float value) {
  return value;
}

template <>
inline Bfloat16 from_float<Bfloat16>(float value) {
  const std::uint32_t bits = bits_of(value);
  if (std::isnan(value)) return {static_cast<std::uint16_t>(bits >> 16 | 0x40)};
  return {static_cast<std::uint16_t>((bits + 0x7fff + (bits >> 16 & 1)) >> 16)};
}

template <>
inline Float16 from_float<Float16>(float value) {
  const auto sign = static_cast<std::uint16_t>(bits_of(value) >> 16 & 0x8000);
  const float magnitude = std::fabs(value);
  std::uint32_t bits;
  if (std::isnan(value)) {
    bits = 0x7e00;
  } else if (magnitude >= 65520.0F) {  // half way past the largest finite value
    bits = 0x7c00;
  } else if (magnitude < 0x1p-14F) {  // subnormal: f32 numbers in [1/2, 1) are as far apart as f16 subnormals
    bits = bits_of(magnitude + 0.5F) - bits_of(0.5F);
  } else {
    const std::uint32_t wide = bits_of(magnitude) - (112U << 23);
    bits = (wide + 0xfff + (wide >> 13 & 1)) >> 13;
  }
  return {static_cast<std::uint16_t>(sign | bits)};
}
