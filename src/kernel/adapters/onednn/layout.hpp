// The ABI's strided tensors as oneDNN memory: by their own strides where oneDNN can describe these, else
// copied.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <dlpack/dlpack.h>
#include <dnnl.hpp>

namespace attest::kernel {

/// Some batches of a tensor, with the head axis split in two where several query heads share a key head.
/// Strides count elements; `data` is the element at index 0 (not read when there are no elements).
struct StridedView {
  std::byte* data = nullptr;
  dnnl::memory::data_type type = dnnl::memory::data_type::f32;
  dnnl::memory::dims dims, strides;

  std::size_t element_size() const { return dnnl::memory::data_type_size(type); }
  std::int64_t count() const;
};

/// Batches [first, first + count) of a rank-4 tensor, its head axis seen as `heads`: {heads}, or
/// {kv_heads, group} for q and out, {kv_heads, 1} for k and v, which matmul broadcasts over the group.
StridedView batches_of(const DLTensor& tensor, std::int64_t first, std::int64_t count,
                       const dnnl::memory::dims& heads);
/// The first `extent` entries of an axis counted from the end (1: the last).
StridedView shortened(StridedView view, std::size_t axis_from_end, std::int64_t extent);
/// The last two axes exchanged.
StridedView transposed(StridedView view);
/// Row-major strides.
dnnl::memory::dims dense_strides(const dnnl::memory::dims& dims);

/// A tensor that oneDNN can read or write: the caller's bytes by the caller's strides, or a dense buffer of
/// its own where oneDNN's matmul cannot take these (0, negative or interleaved ones, no contiguous matrix
/// axis).
class Operand {
 public:
  static Operand reading(const StridedView& view);
  static Operand writing(const StridedView& view);

  Operand(Operand&&) noexcept = default;
  Operand& operator=(Operand&&) noexcept = default;

  dnnl::memory memory(const dnnl::engine& engine) const;
  /// After the last primitive ran: moves a written buffer to where the caller wants it.
  void store() const;

 private:
  Operand(const StridedView& view, bool destination);

  StridedView view_;
  StridedView caller_;
  std::vector<std::byte> buffer_;
};

}  // namespace attest::kernel
