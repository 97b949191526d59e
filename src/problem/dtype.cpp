#include "problem/dtype.hpp"

#include <array>
#include <cmath>
#include <cstring>
#include <limits>

namespace attest {
namespace {

struct Facts {
  std::string_view name;
  std::size_t size;
  DLDataType dlpack;
};

constexpr std::array<Facts, 6> kFacts{{
    {"f64", 8, {kDLFloat, 64, 1}},
    {"f32", 4, {kDLFloat, 32, 1}},
    {"f16", 2, {kDLFloat, 16, 1}},
    {"bf16", 2, {kDLBfloat, 16, 1}},
    {"i32", 4, {kDLInt, 32, 1}},
    {"u8", 1, {kDLUInt, 8, 1}},
}};

const Facts& facts(DType dtype) { return kFacts.at(static_cast<std::size_t>(dtype)); }

template <class T>
T load(const std::byte* element) {
  T value;
  std::memcpy(&value, element, sizeof value);
  return value;
}

template <class T>
void store(T value, std::byte* element) {
  std::memcpy(element, &value, sizeof value);
}

// 16-bit formats share one layout: sign, exponent, fraction of `precision - 1` bits.
double decode16(const Format& format, std::uint16_t bits) {
  const int fraction_bits = format.precision - 1;
  const int fraction = bits & ((1 << fraction_bits) - 1);
  const int biased = (bits & 0x7fff) >> fraction_bits;
  const int biased_top = (1 << (15 - fraction_bits)) - 1;
  const double sign = (bits & 0x8000) != 0 ? -1.0 : 1.0;
  if (biased == biased_top) {
    if (fraction == 0) return sign * HUGE_VAL;
    return std::copysign(std::numeric_limits<double>::quiet_NaN(), sign);
  }
  if (biased == 0) return sign * std::ldexp(fraction, format.emin - fraction_bits);
  return sign * std::ldexp((1 << fraction_bits) + fraction, biased - 1 + format.emin - fraction_bits);
}

std::uint16_t encode16(const Format& format, double value) {
  const int fraction_bits = format.precision - 1;
  const auto sign = static_cast<std::uint16_t>(std::signbit(value) ? 0x8000 : 0);
  const int top = ((1 << (15 - fraction_bits)) - 1) << fraction_bits;
  if (std::isnan(value)) return static_cast<std::uint16_t>(sign | top | (1 << (fraction_bits - 1)));
  const double rounded = std::fabs(round_to(format, value));
  if (std::isinf(rounded)) return static_cast<std::uint16_t>(sign | top);
  if (rounded < format.min_normal()) {
    const int fraction = static_cast<int>(rounded / format.min_subnormal());
    return static_cast<std::uint16_t>(sign | fraction);
  }
  const int exponent = std::ilogb(rounded);
  const int significand = static_cast<int>(std::ldexp(rounded, fraction_bits - exponent));
  const int biased = exponent - format.emin + 1;
  return static_cast<std::uint16_t>(sign | (biased << fraction_bits) | (significand - (1 << fraction_bits)));
}

}  // namespace

std::size_t size_of(DType dtype) { return facts(dtype).size; }
std::string_view name_of(DType dtype) { return facts(dtype).name; }
DLDataType to_dlpack(DType dtype) { return facts(dtype).dlpack; }
bool is_floating(DType dtype) { return dtype != DType::i32 && dtype != DType::u8; }

std::optional<DType> dtype_from_name(std::string_view name) {
  for (std::size_t i = 0; i < kFacts.size(); ++i) {
    if (kFacts[i].name == name) return static_cast<DType>(i);
  }
  return std::nullopt;
}

const Format& format_of(DType dtype) {
  switch (dtype) {
    case DType::f32:
      return kBinary32;
    case DType::f16:
      return kBinary16;
    case DType::bf16:
      return kBfloat16;
    default:
      return kBinary64;
  }
}

double decode(DType dtype, const std::byte* element) {
  switch (dtype) {
    case DType::f64:
      return load<double>(element);
    case DType::f32:
      return load<float>(element);
    case DType::f16:
      return decode16(kBinary16, load<std::uint16_t>(element));
    case DType::bf16:
      return decode16(kBfloat16, load<std::uint16_t>(element));
    case DType::i32:
      return load<std::int32_t>(element);
    case DType::u8:
      return static_cast<double>(load<std::uint8_t>(element));
  }
  return 0;
}

void encode(DType dtype, double value, std::byte* element) {
  switch (dtype) {
    case DType::f64:
      return store(value, element);
    case DType::f32:
      return store(static_cast<float>(value), element);
    case DType::f16:
      return store(encode16(kBinary16, value), element);
    case DType::bf16:
      return store(encode16(kBfloat16, value), element);
    case DType::i32:
      return store(static_cast<std::int32_t>(value), element);
    case DType::u8:
      return store(static_cast<std::uint8_t>(value), element);
  }
}

double representable(DType dtype, double value) {
  std::byte element[8];
  encode(dtype, value, element);
  return decode(dtype, element);
}

}  // namespace attest
