#include "faults/signatures/problem/faulty_masks.hpp"

#include <array>
#include <cmath>
#include <iterator>
#include <map>

#include "faults/signatures/problem/remade.hpp"
#include "oracle/definition/visible.hpp"

namespace attest {
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
    return j / tile != (keys_of(p, b) - 1) / tile ? 1.0 : p.mask->at({b, h, i, j});
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
  if (!p.mask || p.mask->bytes().empty() || p.mask->spread() || p.mask->contiguous()) return std::nullopt;
  return with_mask(
      p, [&](Index b, Index h, Index i, Index j) { return element_as_packed(*p.mask, b, h, i, j); });
}

// What lies between the rows of a bias may be anything, and hides its key where it is not finite.
std::optional<Problem> with_packed_bias(const Problem& p) {
  if (!p.bias || p.bias->bytes().empty() || p.bias->spread() || p.bias->contiguous()) return std::nullopt;
  Problem changed = p;
  changed.bias = remade(DType::f32, p.bias->shape(), [&](Index b, Index h, Index i, Index j) {
    const double x = element_as_packed(*p.bias, b, h, i, j);
    return std::isfinite(x) ? x : -HUGE_VAL;
  });
  return changed;
}

// Where element [b, h, i, 0] of the mask is stored.
Index row_of_mask(const Tensor& mask, Index b, Index h, Index row) {
  return b * stride_of(mask, 0) + h * stride_of(mask, 1) + row;
}

std::optional<Problem> with_packed_mask_keys(const Problem& p) {
  if (!p.mask || p.mask->spread() || p.mask->dim(3) < 2 || p.mask->strides()[3] != 0) return std::nullopt;
  return with_mask(p, [&](Index b, Index h, Index i, Index j) {
    return stored_element(*p.mask, row_of_mask(*p.mask, b, h, i * stride_of(*p.mask, 2)) + j);
  });
}

// What a mask's memory holds, element by element, untouched pages included.
class MaskMemory {
 public:
  explicit MaskMemory(const Tensor& mask) {
    for (int axis = 0; axis < 4; ++axis) {
      const auto at = static_cast<std::size_t>(axis);
      strides_[at] = mask.dim(at) == 1 ? 0 : mask.memory_strides()[at];
    }
    for (Index b = 0; b < mask.dim(0); ++b) {
      for (Index h = 0; h < mask.dim(1); ++h) {
        for (Index i = 0; i < mask.dim(2); ++i) {
          for (Index j = 0; j < mask.dim(3); ++j) elements_[offset(b, h, row(i), j)] = mask.at({b, h, i, j});
        }
      }
    }
  }

  Index row(Index i) const { return i * strides_[2]; }
  Index offset(Index b, Index h, Index row, Index j) const {
    return b * strides_[0] + h * strides_[1] + row + j * strides_[3];
  }

  // Gaps next to elements hold what is not 0 (a caller's other data, or poison); far from all elements lie
  // pages that nobody wrote, which are zeros.
  double at(Index offset) const {
    const auto next = elements_.lower_bound(offset);
    if (next != elements_.end() && next->first == offset) return next->second;
    if (next != elements_.end() && next->first - offset <= kNear) return 1;
    return next != elements_.begin() && offset - std::prev(next)->first <= kNear ? 1 : 0;
  }

 private:
  static constexpr Index kNear = 256;  // as far as a check writes poison around elements
  std::array<Index, 4> strides_{};
  std::map<Index, double> elements_;
};

std::optional<Problem> with_wrapped_mask_rows(const Problem& p) {
  if (!p.mask) return std::nullopt;
  const Index step = p.mask->dim(2) == 1 ? 0 : p.mask->memory_strides()[2];
  if ((p.mask->dim(2) - 1) * step < kWrap) return std::nullopt;
  const MaskMemory memory(*p.mask);
  return with_mask(p, [&](Index b, Index h, Index i, Index j) {
    return memory.at(memory.offset(b, h, memory.row(i) % kWrap, j));
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

}  // namespace attest
