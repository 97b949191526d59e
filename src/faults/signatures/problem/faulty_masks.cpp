#include "faults/signatures/problem/faulty_masks.hpp"

#include <cmath>

#include "faults/signatures/problem/remade.hpp"
#include "faults/signatures/problem/tensor_memory.hpp"
#include "oracle/definition/visible.hpp"

namespace attest::faults {
namespace {

using Index = std::int64_t;
constexpr Index kWrap = Index{1} << 32;

Problem with_mask(const Problem& p, const ElementOf& bit) {
  Problem changed = p;
  changed.mask = remade(DType::u8, {p.batch(), p.q_heads(), p.q_len(), p.kv_len()},
                        [&](Index b, Index h, Index i, Index j) { return bit(b, h, i, j) != 0 ? 1 : 0; });
  return changed;
}

std::optional<Problem> with_mask_in_last_tile(const Problem& p, Index tile) {
  if (!p.mask) return std::nullopt;
  return with_mask(p, [&](Index b, Index h, Index i, Index j) {
    return j / tile != (oracle::keys_of(p, b) - 1) / tile ? 1.0 : p.mask->at({b, h, i, j});
  });
}

std::optional<Problem> with_mask_stride(const Problem& p) {
  if (!p.mask || p.mask->dim(2) == 1 || p.q_len() == p.kv_len()) return std::nullopt;
  return with_mask(p, [&](Index b, Index h, Index i, Index j) {
    const Index at = (i * p.q_len() + j) % (p.q_len() * p.kv_len());
    return p.mask->at({b, h, at / p.kv_len(), at % p.kv_len()});
  });
}

std::optional<Problem> with_own_masks(const Problem& p) {
  const auto shared = [&](const std::optional<Tensor>& t) {
    return t && t->dim(1) == 1 && t->dim(0) > 1 && p.q_heads() > 1;
  };
  if (!shared(p.mask) && !shared(p.bias)) return std::nullopt;
  Problem changed = p;
  for (std::optional<Tensor>* of : {&changed.mask, &changed.bias}) {
    if (!shared(*of)) continue;
    const Tensor from = **of;
    *of = remade(from.dtype(), {p.batch(), p.q_heads(), p.q_len(), p.kv_len()},
                 [&](Index b, Index h, Index i, Index j) {
                   return from.at({(b * p.q_heads() + h) % from.dim(0), 0, i, j});
                 });
  }
  return changed;
}

std::optional<Problem> with_packed_mask(const Problem& p) {
  if (!p.mask || p.mask->count() == 0 || p.mask->contiguous()) return std::nullopt;
  const TensorMemory mask(*p.mask);
  return with_mask(p, [&](Index b, Index h, Index i, Index j) { return mask.as_packed(b, h, i, j); });
}

// What lies between the rows of a bias may be anything, and hides its key where it is not finite.
std::optional<Problem> with_packed_bias(const Problem& p) {
  if (!p.bias || p.bias->count() == 0 || p.bias->contiguous()) return std::nullopt;
  const TensorMemory bias(*p.bias);
  Problem changed = p;
  changed.bias = remade(DType::f32, p.bias->shape(), [&](Index b, Index h, Index i, Index j) {
    const double x = bias.as_packed(b, h, i, j);
    return std::isfinite(x) ? x : -HUGE_VAL;
  });
  return changed;
}

std::optional<Problem> with_packed_mask_keys(const Problem& p) {
  if (!p.mask || p.mask->dim(3) < 2 || p.mask->memory_strides()[3] != 0) return std::nullopt;
  const TensorMemory mask(*p.mask);
  return with_mask(p, [&](Index b, Index h, Index i, Index j) {
    const Index row = b * mask.stride(0) + h * mask.stride(1) + i * mask.stride(2);
    return mask.at((row + j) % mask.elements());
  });
}

std::optional<Problem> with_wrapped_mask_rows(const Problem& p) {
  if (!p.mask) return std::nullopt;
  const TensorMemory mask(*p.mask);
  if ((p.mask->dim(2) - 1) * mask.stride(2) < kWrap) return std::nullopt;
  return with_mask(p, [&](Index b, Index h, Index i, Index j) {
    const Index row = i * mask.stride(2) % kWrap;
    return mask.at(b * mask.stride(0) + h * mask.stride(1) + row + j * mask.stride(3));
  });
}

}  // namespace

std::optional<Problem> with_faulty_masks(const Problem& p, const Hypothesis& hypothesis) {
  switch (hypothesis.fault) {
    case KernelFault::mask_last_tile_only:
      return with_mask_in_last_tile(p, hypothesis.tile);
    case KernelFault::mask_row_stride:
      return with_mask_stride(p);
    case KernelFault::mask_head_broadcast:
      return with_own_masks(p);
    case KernelFault::mask_strides_ignored:
      return with_packed_mask(p);
    case KernelFault::bias_strides_ignored:
      return with_packed_bias(p);
    case KernelFault::mask_keys_packed:
      return with_packed_mask_keys(p);
    case KernelFault::mask_row_offset_32_bits:
      return with_wrapped_mask_rows(p);
    default:
      return std::nullopt;
  }
}

}  // namespace attest::faults
