#include "faults/kernels/addresses.hpp"

#include "faults/kernels/view.hpp"

namespace attest::faults::faulty {
namespace {

std::int64_t stored_elements(const DLTensor& t) {
  std::int64_t last = 0;
  for (int axis = 0; axis < t.ndim; ++axis) last += (t.shape[axis] - 1) * t.strides[axis];
  return last + 1;
}

// As if the tensor were packed in the order of its axes; what lies past its end wraps to its start.
std::int64_t packed(const DLTensor& t, std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t c) {
  std::int64_t at = 0;
  const std::int64_t index[] = {b, h, i, c};
  for (int axis = 0; axis < 4; ++axis) {
    at = at * t.shape[axis] + (t.shape[axis] == 1 ? 0 : index[axis]);
  }
  return at % stored_elements(t);
}

// Memory of [batch, rows, heads, dim].
bool rows_before_heads(const DLTensor& t) {
  const std::int64_t heads = t.shape[1];
  const std::int64_t dim = t.shape[3];
  if (heads == 1 || t.shape[2] == 1) return false;
  return t.strides[1] == dim && t.strides[2] == heads * dim && (dim == 1 || t.strides[3] == 1) &&
         (t.shape[0] == 1 || t.strides[0] == t.shape[2] * heads * dim);
}

}  // namespace

std::int64_t Addresses::of_vector(const DLTensor& t, std::int64_t b, std::int64_t h, std::int64_t i,
                                  std::int64_t c) const {
  const bool key = &t == p_.k;
  if (fault_ == KernelFault::key_strides_ignored && key) return packed(t, b, h, i, c);
  if (fault_ == KernelFault::heads_before_rows && rows_before_heads(t)) return packed(t, b, h, i, c);
  if (fault_ == KernelFault::key_offset_16_bits && key) {
    const std::int64_t at = (i * t.shape[3] + c) & 0xffff;
    return offset(t, b, h, at / t.shape[3], at % t.shape[3]);
  }
  return offset(t, b, h, i, c);
}

std::int64_t Addresses::of_score(const DLTensor& t, std::int64_t b, std::int64_t h, std::int64_t i,
                                 std::int64_t j) const {
  const bool mask = &t == p_.mask;
  switch (fault_) {
    case KernelFault::mask_strides_ignored:
      return mask ? packed(t, b, h, i, j) : offset(t, b, h, i, j);
    case KernelFault::bias_strides_ignored:
      return mask ? offset(t, b, h, i, j) : packed(t, b, h, i, j);
    case KernelFault::mask_keys_packed:
      if (!mask || t.strides[3] != 0 || t.shape[3] == 1) break;
      return (offset(t, b, h, i) + j) % stored_elements(t);
    case KernelFault::mask_row_offset_32_bits: {
      const std::int64_t row = step(t, 2, i);
      if (!mask || row < 0) break;
      return step(t, 0, b) + step(t, 1, h) + (row & 0xffffffff) + step(t, 3, j);
    }
    case KernelFault::mask_row_stride: {
      if (!mask || t.shape[2] == 1) break;
      const std::int64_t rows = p_.q->shape[2];
      const std::int64_t keys = p_.k->shape[2];
      const std::int64_t at = (i * rows + j) % (rows * keys);
      return offset(t, b, h, at / keys, at % keys);
    }
    case KernelFault::mask_head_broadcast:
      if (t.shape[1] != 1) break;
      return offset(t, (b * p_.q->shape[1] + h) % t.shape[0], h, i, j);
    default:
      break;
  }
  return offset(t, b, h, i, j);
}

}  // namespace attest::faults::faulty
