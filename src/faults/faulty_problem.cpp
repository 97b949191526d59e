#include "faults/faulty_problem.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "oracle/visible.hpp"

namespace attest {
namespace {

using Index = std::int64_t;
using ElementOf = std::function<double(Index b, Index g, Index j, Index c)>;

Tensor made(DType dtype, std::vector<Index> shape, const ElementOf& element) {
  Tensor t(dtype, std::move(shape));
  std::vector<double> values;
  values.reserve(static_cast<std::size_t>(t.count()));
  for (Index b = 0; b < t.dim(0); ++b) {
    for (Index g = 0; g < t.dim(1); ++g) {
      for (Index j = 0; j < t.dim(2); ++j) {
        for (Index c = 0; c < t.dim(3); ++c) values.push_back(element(b, g, j, c));
      }
    }
  }
  t.assign(values);
  return t;
}

Problem with_keys_and_values(const Problem& p, const ElementOf& key, const ElementOf& value) {
  Problem changed = p;
  changed.k = made(DType::f64, p.k.shape(), key);
  changed.v = made(DType::f64, p.v.shape(), value);
  return changed;
}

Problem remapped_heads(const Problem& p, const std::function<Index(Index)>& kv_head) {
  Problem changed = p;
  const auto expanded = [&](const Tensor& t) {
    return made(t.dtype(), {t.dim(0), p.q_heads(), t.dim(2), t.dim(3)},
                [&](Index b, Index h, Index j, Index c) {
                  return t.at({b, kv_head(h), j, c});
                });
  };
  changed.k = expanded(p.k);
  changed.v = expanded(p.v);
  return changed;
}

double stored_element(const Tensor& t, Index at) {
  const Index stored = static_cast<Index>(t.bytes().size() / size_of(t.dtype()));
  return decode(t.dtype(), t.bytes().data() + static_cast<std::size_t>(at % stored) * size_of(t.dtype()));
}

std::optional<Problem> with_packed_keys(const Problem& p) {
  // What lies between the elements of a spread tensor depends on its pages.
  if (p.k.contiguous() || p.k.spread() || p.k.bytes().empty()) return std::nullopt;
  const auto key = [&](Index b, Index g, Index j, Index c) {
    return stored_element(p.k, ((b * p.kv_heads() + g) * p.kv_len() + j) * p.qk_dim() + c);
  };
  Problem changed = p;
  changed.k = made(p.k.dtype(), p.k.shape(), key);
  return changed;
}

std::optional<Problem> with_wrapped_offsets(const Problem& p) {
  constexpr Index kWrap = 1 << 16;
  if (p.kv_len() * p.qk_dim() <= kWrap) return std::nullopt;
  Problem changed = p;
  changed.k = made(p.k.dtype(), p.k.shape(), [&](Index b, Index g, Index j, Index c) {
    const Index at = (j * p.qk_dim() + c) % kWrap;
    return p.k.at({b, g, at / p.qk_dim(), at % p.qk_dim()});
  });
  return changed;
}

std::optional<Problem> with_wrapped_indices(const Problem& p) {
  constexpr Index kWrap = 1 << 8;
  if (p.kv_len() <= kWrap) return std::nullopt;
  return with_keys_and_values(
      p,
      [&](Index b, Index g, Index j, Index c) {
        return p.k.at({b, g, j % kWrap, c});
      },
      [&](Index b, Index g, Index j, Index c) {
        return p.v.at({b, g, j % kWrap, c});
      });
}

std::optional<Problem> with_stale_pages(const Problem& p, Index page) {
  bool any = false;
  for (Index b = 0; b < p.batch(); ++b) any = any || (keys_of(p, b) > 0 && keys_of(p, b) % page == 0);
  if (!any) return std::nullopt;
  const auto stale = [&](Index b, Index j) {
    const Index n = keys_of(p, b);
    return n % page == 0 && j >= n - page && j < n;
  };
  return with_keys_and_values(
      p,
      [&](Index b, Index g, Index j, Index c) {
        return stale(b, j) ? 0 : p.k.at({b, g, j, c});
      },
      [&](Index b, Index g, Index j, Index c) {
        return stale(b, j) ? 0 : p.v.at({b, g, j, c});
      });
}

double power_above(const Tensor& t, Index b, Index g, Index n) {
  double largest = 0;
  for (Index j = 0; j < n; ++j) {
    for (Index c = 0; c < t.dim(3); ++c) {
      const double x = std::fabs(t.at({b, g, j, c}));
      if (std::isfinite(x)) largest = std::max(largest, x);
    }
  }
  return largest == 0 ? 1 : std::exp2(std::ilogb(largest) + 1);
}

Problem with_key_scales(const Problem& p) {
  std::vector<double> factors;
  for (Index b = 0; b < p.batch(); ++b) {
    for (Index g = 0; g < p.kv_heads(); ++g) {
      const Index n = keys_of(p, b);
      factors.push_back(power_above(p.k, b, g, n) / power_above(p.v, b, g, n));
    }
  }
  return with_keys_and_values(
      p,
      [&](Index b, Index g, Index j, Index c) {
        return p.k.at({b, g, j, c});
      },
      [&](Index b, Index g, Index j, Index c) {
        return p.v.at({b, g, j, c}) * factors[static_cast<std::size_t>(b * p.kv_heads() + g)];
      });
}

Problem with_mask(const Problem& p, const std::function<double(Index, Index, Index, Index)>& bit) {
  Problem changed = p;
  changed.mask = made(DType::u8, {p.batch(), p.q_heads(), p.q_len(), p.kv_len()}, bit);
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
    *of = made(from.dtype(), {p.batch(), p.q_heads(), p.q_len(), p.kv_len()},
               [&](Index b, Index h, Index i, Index j) {
                 return from.at({(b * p.q_heads() + h) % from.dim(0), 0, i, j});
               });
  }
  return changed;
}

std::optional<Problem> with_scale(const Problem& p, double scale) {
  Problem changed = p;
  changed.scale = scale;
  return changed;
}

}  // namespace

std::optional<Problem> faulty_problem(const Problem& p, const Hypothesis& hypothesis) {
  const Index kv_heads = p.kv_heads();
  const bool grouped = kv_heads != 1 && kv_heads != p.q_heads();
  switch (hypothesis.fault) {
    case KernelFault::causal_top_left: {
      if (p.causal != Causal::bottom_right) return std::nullopt;
      Problem changed = p;
      changed.causal = Causal::top_left;
      return changed;
    }
    case KernelFault::head_modulo:
      if (!grouped) return std::nullopt;
      return remapped_heads(p, [=](Index h) { return h % kv_heads; });
    case KernelFault::head_by_kv_heads:
      if (kv_heads == 1) return std::nullopt;
      return remapped_heads(p, [=](Index h) { return h / kv_heads % kv_heads; });
    case KernelFault::batch_ignored:
      if (p.batch() <= 1) return std::nullopt;
      return with_keys_and_values(
          p,
          [&](Index, Index g, Index j, Index c) {
            return p.k.at({0, g, j, c});
          },
          [&](Index, Index g, Index j, Index c) {
            return p.v.at({0, g, j, c});
          });
    case KernelFault::values_swapped:
      if (p.kv_len() < 2) return std::nullopt;
      return with_keys_and_values(
          p,
          [&](Index b, Index g, Index j, Index c) {
            return p.k.at({b, g, j, c});
          },
          [&](Index b, Index g, Index j, Index c) {
            return p.v.at({b, g, j < 2 && keys_of(p, b) >= 2 ? 1 - j : j, c});
          });
    case KernelFault::key_strides_ignored:
      return with_packed_keys(p);
    case KernelFault::key_offset_16_bits:
      return with_wrapped_offsets(p);
    case KernelFault::key_index_8_bits:
      return with_wrapped_indices(p);
    case KernelFault::stale_page:
      return with_stale_pages(p, hypothesis.tile);
    case KernelFault::value_scale_of_key:
      return with_key_scales(p);
    case KernelFault::mask_last_tile_only:
      return with_mask_in_last_tile(p, hypothesis.tile);
    case KernelFault::mask_row_stride:
      return with_mask_stride(p);
    case KernelFault::mask_head_broadcast:
      return with_own_masks(p);
    case KernelFault::scale_missing:
      return with_scale(p, 1);
    case KernelFault::scale_twice:
      return with_scale(p, p.scale * p.scale);
    case KernelFault::scale_5_percent:
      return with_scale(p, p.scale * 1.05);
    default:
      return std::nullopt;
  }
}

double scale_error(const Problem& p, const Hypothesis& hypothesis) {
  const bool rounded =
      hypothesis.fault == KernelFault::scale_twice || hypothesis.fault == KernelFault::scale_5_percent;
  const std::optional<Problem> changed = rounded ? faulty_problem(p, hypothesis) : std::nullopt;
  if (!changed || changed->scale == 0) return 0;
  const double by = hypothesis.fault == KernelFault::scale_twice ? p.scale : 1.05;
  return std::fabs(std::fma(p.scale, by, -changed->scale) / changed->scale);
}

}  // namespace attest
