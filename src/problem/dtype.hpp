// Element types of tensors: their sizes, names, DLPack codes, and exact conversion to and from double.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <dlpack/dlpack.h>

#include "numerics/format.hpp"

namespace attest {

enum class DType : std::uint8_t { f64, f32, f16, bf16, i32, u8 };

/// Bytes of one element.
constexpr std::size_t size_of(DType dtype) {
  constexpr std::array<std::size_t, 6> kSizes{8, 4, 2, 2, 4, 1};
  return kSizes[static_cast<std::size_t>(dtype)];
}
std::string_view name_of(DType dtype);
std::optional<DType> dtype_from_name(std::string_view name);
DLDataType to_dlpack(DType dtype);
bool is_floating(DType dtype);
/// The number format of a floating element type; precondition: is_floating(dtype).
const Format& format_of(DType dtype);

/// Decodes one element; exact for every dtype.
double decode(DType dtype, const std::byte* element);
/// Decodes n elements, `stride` elements apart, into to[0, n).
void decode_run(DType dtype, const std::byte* from, std::int64_t stride, std::int64_t n, double* to);
/// Encodes with one rounding to nearest even; exact for values of the dtype (NaN becomes a quiet NaN).
void encode(DType dtype, double value, std::byte* element);
/// Encodes n elements, `stride` elements apart.
void encode_run(DType dtype, const double* from, std::int64_t n, std::byte* to, std::int64_t stride);
/// The value an element of this dtype would hold after encode: one rounding to nearest even.
double representable(DType dtype, double value);
/// The same of n values, in place.
void make_representable(DType dtype, double* values, std::int64_t n);

}  // namespace attest
