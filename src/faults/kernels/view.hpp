// Elements of DLPack tensors as numbers.
#pragma once

#include <cstdint>

#include <dlpack/dlpack.h>

namespace attest::faults::faulty {

enum class Type : std::uint8_t { f64, f32, f16, bf16, other };
Type type_of(const DLTensor& tensor);

/// Nearest even, in the f32 that a 16-bit format lies in.
float round_f16(float x);
float round_bf16(float x);

/// Nearest even to `bits` significant bits, with the quantum of the exponent `least` below it; larger numbers
/// become `largest`.
double round_bits(double x, int bits, int least, double largest);

/// Element at an offset in elements.
double load(const DLTensor& tensor, std::int64_t offset);
void store(const DLTensor& tensor, std::int64_t offset, double value);

/// An axis of extent 1 takes any index.
inline std::int64_t step(const DLTensor& t, int axis, std::int64_t index) {
  return t.shape[axis] == 1 ? 0 : index * t.strides[axis];
}
inline std::int64_t offset(const DLTensor& t, std::int64_t b, std::int64_t h, std::int64_t i) {
  return step(t, 0, b) + step(t, 1, h) + step(t, 2, i);
}
inline std::int64_t offset(const DLTensor& t, std::int64_t b, std::int64_t h, std::int64_t i,
                           std::int64_t c) {
  return offset(t, b, h, i) + step(t, 3, c);
}

}  // namespace attest::faults::faulty
