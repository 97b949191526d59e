#include "faults/kernels/view.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace attest::faults::faulty {
namespace {

std::uint32_t bits_of(float x) {
  std::uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  return bits;
}

float float_of(std::uint32_t bits) {
  float x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

float widen_f16(std::uint16_t h) {
  const std::uint32_t sign = static_cast<std::uint32_t>(h & 0x8000U) << 16;
  const std::uint32_t rest = h & 0x7fffU;
  if (rest >= 0x7c00U) return float_of(sign | 0x7f800000U | (rest & 0x3ffU) << 13);
  if (rest >= 0x400U) return float_of(sign | ((rest << 13) + 0x38000000U));
  return float_of(sign | bits_of(static_cast<float>(rest) * 0x1p-24F));
}

std::uint16_t narrow_f16(float x) {
  const std::uint32_t bits = bits_of(x);
  const std::uint32_t sign = bits >> 16 & 0x8000U;
  std::uint32_t a = bits & 0x7fffffffU;
  if (a > 0x7f800000U) return 0x7e00;
  if (a >= 0x477ff000U) return static_cast<std::uint16_t>(sign | 0x7c00U);  // from 65520 on
  // Below the normal numbers: the spacing of f32 at 0.5 is the quantum of f16.
  if (a < 0x38800000U) {
    return static_cast<std::uint16_t>(sign | (bits_of(std::fabs(x) + 0.5F) - bits_of(0.5F)));
  }
  a += 0xfffU + (a >> 13 & 1U);
  return static_cast<std::uint16_t>(sign | (a - 0x38000000U) >> 13);
}

float widen_bf16(std::uint16_t h) { return float_of(static_cast<std::uint32_t>(h) << 16); }

std::uint16_t narrow_bf16(float x) {
  if (std::isnan(x)) return 0x7fc0;
  const std::uint32_t bits = bits_of(x);
  return static_cast<std::uint16_t>((bits + 0x7fffU + (bits >> 16 & 1U)) >> 16);
}

}  // namespace

Type type_of(const DLTensor& t) {
  if (t.dtype.lanes != 1) return Type::other;
  if (t.dtype.code == kDLBfloat) return t.dtype.bits == 16 ? Type::bf16 : Type::other;
  if (t.dtype.code != kDLFloat) return Type::other;
  if (t.dtype.bits == 64) return Type::f64;
  if (t.dtype.bits == 32) return Type::f32;
  return t.dtype.bits == 16 ? Type::f16 : Type::other;
}

float round_f16(float x) { return widen_f16(narrow_f16(x)); }
float round_bf16(float x) { return widen_bf16(narrow_bf16(x)); }

double round_bits(double x, int bits, int least, double largest) {
  if (x == 0 || !std::isfinite(x)) return x;
  const int quantum = std::max(std::ilogb(x), least) - bits + 1;
  const double nearest = std::ldexp(std::nearbyint(std::ldexp(x, -quantum)), quantum);
  return std::clamp(nearest, -largest, largest);
}

double load(const DLTensor& t, std::int64_t at) {
  switch (type_of(t)) {
    case Type::f64:
      return static_cast<const double*>(t.data)[at];
    case Type::f32:
      return static_cast<double>(static_cast<const float*>(t.data)[at]);
    case Type::f16:
      return static_cast<double>(widen_f16(static_cast<const std::uint16_t*>(t.data)[at]));
    case Type::bf16:
      return static_cast<double>(widen_bf16(static_cast<const std::uint16_t*>(t.data)[at]));
    case Type::other:
      break;
  }
  return 0;
}

void store(const DLTensor& t, std::int64_t at, double value) {
  switch (type_of(t)) {
    case Type::f64:
      static_cast<double*>(t.data)[at] = value;
      break;
    case Type::f32:
      static_cast<float*>(t.data)[at] = static_cast<float>(value);
      break;
    case Type::f16:
      static_cast<std::uint16_t*>(t.data)[at] = narrow_f16(static_cast<float>(value));
      break;
    case Type::bf16:
      static_cast<std::uint16_t*>(t.data)[at] = narrow_bf16(static_cast<float>(value));
      break;
    case Type::other:
      break;
  }
}

}  // namespace attest::faults::faulty
