#include "problem/dtype.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>

namespace attest {
namespace {

struct Facts {
  std::string_view name;
  DLDataType dlpack;
};

constexpr std::array<Facts, 6> kFacts{{
    {"f64", {kDLFloat, 64, 1}},
    {"f32", {kDLFloat, 32, 1}},
    {"f16", {kDLFloat, 16, 1}},
    {"bf16", {kDLBfloat, 16, 1}},
    {"i32", {kDLInt, 32, 1}},
    {"u8", {kDLUInt, 8, 1}},
}};

const Facts& facts(DType dtype) { return kFacts.at(static_cast<std::size_t>(dtype)); }

template <class T>
T load(const std::byte* element) {
  T value{};
  std::memcpy(&value, element, sizeof value);
  return value;
}

template <class T>
void store(T value, std::byte* element) {
  std::memcpy(element, &value, sizeof value);
}

// A float16 as its value: the exponent moves to that of a float, so that no arithmetic meets a subnormal.
// Without branches and in 32 bits, so that it is vectorised.
struct Float16 {
  std::uint16_t bits;
  explicit operator double() const {
    constexpr std::uint32_t kMoved = (127U - 15U) << 23;  // from one exponent's bias to the other's
    const std::uint32_t sign = (bits & 0x8000U) << 16;
    const std::uint32_t magnitude = bits & 0x7fffU;
    // Zero and subnormal numbers are units of 2^-24; infinity and NaN have the last exponent of both formats.
    const auto units =
        std::bit_cast<std::uint32_t>(static_cast<float>(static_cast<int>(magnitude)) * 0x1p-24F);
    const std::uint32_t is_last = 0U - static_cast<std::uint32_t>(magnitude >= 0x7c00U);
    const std::uint32_t normal = (magnitude << 13) + kMoved + (is_last & kMoved);
    const std::uint32_t is_small = 0U - static_cast<std::uint32_t>(magnitude < 0x400U);
    return static_cast<double>(std::bit_cast<float>((units & is_small) | (normal & ~is_small) | sign));
  }
};

// A bfloat16 is the upper half of a float.
struct Bfloat16 {
  std::uint16_t bits;
  explicit operator double() const {
    return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16));
  }
};

// A loop of a known length over elements that nothing else can alias is vectorised.
template <class T>
void decode_block(const std::array<T, 16>& block, double* to) {
  for (std::size_t c = 0; c < block.size(); ++c) to[c] = static_cast<double>(block[c]);
}

template <class T>
void decode_as(const std::byte* from, std::int64_t stride, std::int64_t n, double* to) {
  constexpr std::int64_t kBlock = 16;
  const std::int64_t step = stride * static_cast<std::int64_t>(sizeof(T));
  std::int64_t c = 0;
  for (; stride == 1 && c + kBlock <= n; c += kBlock)
    decode_block(load<std::array<T, kBlock>>(from + c * step), to + c);
  for (; c < n; ++c) to[c] = static_cast<double>(load<T>(from + c * step));
}

template <class Encode>
void encode_as(const double* from, std::int64_t n, std::byte* to, std::int64_t step, const Encode& encoded) {
  for (std::int64_t c = 0; c < n; ++c) store(encoded(from[c]), to + c * step);
}

// Drops the low bits of a number, to the nearest of those that are left, to an even one of two as near.
std::uint64_t without_low_bits(std::uint64_t number, int bits) {
  const std::uint64_t half = std::uint64_t{1} << (bits - 1);
  return (number + half - 1 + (number >> bits & 1)) >> bits;
}

// 16-bit formats share one layout: sign, exponent, fraction of `precision - 1` bits. A double has it too, so
// that rounding is a matter of dropping bits: a carry out of the fraction is the next exponent's first
// number, and out of the last exponent infinity. Tensors of these formats are encoded element by element in
// every call, which library functions (ldexp, ilogb) would make half of a campaign's time.
std::uint16_t encode16(const Format& format, double value) {
  constexpr int kFractionBits = 52, kBias = 1023;
  const int fraction_bits = format.precision - 1;
  const auto bits = std::bit_cast<std::uint64_t>(value);
  const std::uint64_t magnitude = bits & ~(std::uint64_t{1} << 63);
  const auto sign = static_cast<std::uint64_t>(std::signbit(value)) << 15;
  const std::uint64_t infinity = ((std::uint64_t{1} << (15 - fraction_bits)) - 1) << fraction_bits;
  if (std::isnan(value))
    return static_cast<std::uint16_t>(sign | infinity | std::uint64_t{1} << (fraction_bits - 1));
  const int dropped = kFractionBits - fraction_bits;
  const int below = format.emin - (static_cast<int>(magnitude >> kFractionBits) - kBias);
  if (below > 0) {  // subnormal in the narrow format: the leading 1 becomes explicit
    const int low = dropped + below;
    if (low > kFractionBits + 1) return static_cast<std::uint16_t>(sign);  // less than half of the smallest
    constexpr std::uint64_t kOne = std::uint64_t{1} << kFractionBits;
    return static_cast<std::uint16_t>(sign | without_low_bits((magnitude & (kOne - 1)) | kOne, low));
  }
  const auto rebased = magnitude - (static_cast<std::uint64_t>(kBias - 1 + format.emin) << kFractionBits);
  return static_cast<std::uint16_t>(sign | std::min(without_low_bits(rebased, dropped), infinity));
}

}  // namespace

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
      return static_cast<double>(load<Float16>(element));
    case DType::bf16:
      return static_cast<double>(load<Bfloat16>(element));
    case DType::i32:
      return load<std::int32_t>(element);
    case DType::u8:
      return static_cast<double>(load<std::uint8_t>(element));
  }
  return 0;
}

void decode_run(DType dtype, const std::byte* from, std::int64_t stride, std::int64_t n, double* to) {
  switch (dtype) {
    case DType::f64:
      return decode_as<double>(from, stride, n, to);
    case DType::f32:
      return decode_as<float>(from, stride, n, to);
    case DType::f16:
      return decode_as<Float16>(from, stride, n, to);
    case DType::bf16:
      return decode_as<Bfloat16>(from, stride, n, to);
    case DType::i32:
      return decode_as<std::int32_t>(from, stride, n, to);
    case DType::u8:
      return decode_as<std::uint8_t>(from, stride, n, to);
  }
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

void encode_run(DType dtype, const double* from, std::int64_t n, std::byte* to, std::int64_t stride) {
  const std::int64_t step = stride * static_cast<std::int64_t>(size_of(dtype));
  switch (dtype) {
    case DType::f64:
      return encode_as(from, n, to, step, [](double x) { return x; });
    case DType::f32:
      return encode_as(from, n, to, step, [](double x) { return static_cast<float>(x); });
    case DType::f16:
      return encode_as(from, n, to, step, [](double x) { return encode16(kBinary16, x); });
    case DType::bf16:
      return encode_as(from, n, to, step, [](double x) { return encode16(kBfloat16, x); });
    default:
      for (std::int64_t c = 0; c < n; ++c) encode(dtype, from[c], to + c * step);
  }
}

double representable(DType dtype, double value) {
  std::byte element[8];
  encode(dtype, value, element);
  return decode(dtype, element);
}

void make_representable(DType dtype, double* values, std::int64_t n) {
  constexpr std::int64_t kAtOnce = 64;
  std::array<std::byte, 8 * kAtOnce> elements{};
  for (std::int64_t at = 0; at < n; at += kAtOnce) {
    const std::int64_t size = std::min(kAtOnce, n - at);
    encode_run(dtype, values + at, size, elements.data(), 1);
    decode_run(dtype, elements.data(), 1, size, values + at);
  }
}

}  // namespace attest
