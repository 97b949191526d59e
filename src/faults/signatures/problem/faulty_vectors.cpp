#include "faults/signatures/problem/faulty_vectors.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "faults/signatures/problem/remade.hpp"
#include "faults/signatures/problem/tensor_memory.hpp"
#include "numerics/format.hpp"
#include "oracle/definition/visible.hpp"

namespace attest::faults {
namespace {

using Index = std::int64_t;

ElementOf elements_of(const Tensor& t) {
  return [&t](Index b, Index g, Index j, Index c) { return t.at({b, g, j, c}); };
}

std::optional<Problem> with_batches(const Problem& p, Index most, const std::function<Index(Index)>& from) {
  if (p.batch() <= most) return std::nullopt;
  const auto of = [&](const Tensor& t) {
    return [&](Index b, Index g, Index j, Index c) { return t.at({from(b), g, j, c}); };
  };
  return with_keys_and_values(p, of(p.k), of(p.v));
}

std::optional<Problem> with_swapped_values(const Problem& p) {
  if (p.kv_len() < 2) return std::nullopt;
  return with_values(p, [&](Index b, Index g, Index j, Index c) {
    return p.v.at({b, g, j < 2 && oracle::keys_of(p, b) >= 2 ? 1 - j : j, c});
  });
}

std::optional<Problem> with_packed_keys(const Problem& p) {
  if (p.k.contiguous() || p.k.count() == 0) return std::nullopt;
  const TensorMemory keys(p.k);
  Problem changed = p;
  changed.k = remade(p.k.dtype(), p.k.shape(),
                     [&](Index b, Index g, Index j, Index c) { return keys.as_packed(b, g, j, c); });
  return changed;
}

// Memory of [batch, rows, heads, dim].
bool rows_before_heads(const Tensor& t) {
  const Index heads = t.dim(1);
  const Index dim = t.dim(3);
  if (t.count() == 0 || heads == 1 || t.dim(2) == 1) return false;
  const std::vector<Index>& strides = t.memory_strides();
  return strides[1] == dim && strides[2] == heads * dim && (dim == 1 || strides[3] == 1) &&
         (t.dim(0) == 1 || strides[0] == t.dim(2) * heads * dim);
}

std::optional<Problem> with_heads_before_rows(const Problem& p) {
  Problem changed = p;
  bool any = false;
  for (Tensor* t : {&changed.q, &changed.k, &changed.v}) {
    if (!rows_before_heads(*t)) continue;
    const Tensor from = *t;
    const TensorMemory memory(from);
    *t = remade(from.dtype(), from.shape(),
                [&](Index b, Index g, Index j, Index c) { return memory.as_packed(b, g, j, c); });
    any = true;
  }
  return any ? std::optional(changed) : std::nullopt;
}

std::optional<Problem> with_wrapped_offsets(const Problem& p) {
  constexpr Index kWrap = 1 << 16;
  if (p.kv_len() * p.qk_dim() <= kWrap) return std::nullopt;
  Problem changed = p;
  changed.k = remade(p.k.dtype(), p.k.shape(), [&](Index b, Index g, Index j, Index c) {
    const Index at = (j * p.qk_dim() + c) % kWrap;
    return p.k.at({b, g, at / p.qk_dim(), at % p.qk_dim()});
  });
  return changed;
}

std::optional<Problem> with_wrapped_indices(const Problem& p) {
  constexpr Index kWrap = 1 << 8;
  if (p.kv_len() <= kWrap) return std::nullopt;
  const auto of = [&](const Tensor& t) {
    return [&](Index b, Index g, Index j, Index c) { return t.at({b, g, j % kWrap, c}); };
  };
  return with_keys_and_values(p, of(p.k), of(p.v));
}

std::optional<Problem> with_stale_pages(const Problem& p, Index page) {
  bool any = false;
  for (Index b = 0; b < p.batch(); ++b)
    any = any || (oracle::keys_of(p, b) > 0 && oracle::keys_of(p, b) % page == 0);
  if (!any) return std::nullopt;
  const auto of = [&](const Tensor& t) {
    return [&](Index b, Index g, Index j, Index c) {
      const Index n = oracle::keys_of(p, b);
      const bool stale = n % page == 0 && j >= n - page && j < n;
      return stale ? 0 : t.at({b, g, j, c});
    };
  };
  return with_keys_and_values(p, of(p.k), of(p.v));
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
      const Index n = oracle::keys_of(p, b);
      factors.push_back(power_above(p.k, b, g, n) / power_above(p.v, b, g, n));
    }
  }
  return with_keys_and_values(p, elements_of(p.k), [&](Index b, Index g, Index j, Index c) {
    return p.v.at({b, g, j, c}) * factors[static_cast<std::size_t>(b * p.kv_heads() + g)];
  });
}

// Only the first channels of q.k are added.
std::optional<Problem> with_channels(const Problem& p, Index channels) {
  if (channels == p.qk_dim()) return std::nullopt;
  Problem changed = p;
  const auto first = [&](const Tensor& t) {
    return remade(t.dtype(), t.shape(), [&](Index b, Index g, Index j, Index c) {
      return c < channels ? t.at({b, g, j, c}) : 0;
    });
  };
  changed.q = first(p.q);
  changed.k = first(p.k);
  return changed;
}

// Rounded to nearest even, in a format of 11 significant bits and any exponent.
double round_tf32(double x) {
  if (x == 0 || !std::isfinite(x)) return x;
  const double unit = std::exp2(std::ilogb(x) - 10);
  return std::nearbyint(x / unit) * unit;
}

std::optional<Problem> with_tf32_products(const Problem& p) {
  if (p.qk_dim() != 64 && p.qk_dim() != 128) return std::nullopt;
  Problem changed = p;
  const auto rounded = [&](const Tensor& t) {
    return remade(t.dtype(), t.shape(), [&](Index b, Index g, Index j, Index c) {
      return round_tf32(t.at({b, g, j, c}));
    });
  };
  changed.q = rounded(p.q);
  changed.k = rounded(p.k);
  return changed;
}

std::optional<Problem> with_query_in_f16(const Problem& p) {
  if (p.q.dtype() != DType::f32 || p.k.dtype() != DType::f16) return std::nullopt;
  Problem changed = p;
  changed.q = remade(DType::f32, p.q.shape(), [&](Index b, Index g, Index j, Index c) {
    return representable(DType::f16, p.q.at({b, g, j, c}));
  });
  return changed;
}

std::optional<Problem> with_stretched_values(const Problem& p) {
  if (p.q.dtype() != DType::f32) return std::nullopt;
  return with_values(p, [&](Index b, Index g, Index j, Index c) {
    return p.v.at({b, g, j, c}) * static_cast<double>(1.01F);
  });
}

Index skipped_192_256(Index d) { return d == 192 || d == 256 ? d - 64 : d; }

}  // namespace

std::optional<Problem> with_faulty_vectors(const Problem& p, const Hypothesis& hypothesis) {
  switch (hypothesis.fault) {
    case KernelFault::batch_ignored:
      return with_batches(p, 1, [](Index) { return Index{0}; });
    case KernelFault::batch_modulo_4:
      return with_batches(p, 4, [](Index b) { return b % 4; });
    case KernelFault::values_swapped:
      return with_swapped_values(p);
    case KernelFault::key_strides_ignored:
      return with_packed_keys(p);
    case KernelFault::heads_before_rows:
      return with_heads_before_rows(p);
    case KernelFault::key_offset_16_bits:
      return with_wrapped_offsets(p);
    case KernelFault::key_index_8_bits:
      return with_wrapped_indices(p);
    case KernelFault::stale_page:
      return with_stale_pages(p, hypothesis.tile);
    case KernelFault::value_scale_of_key:
      return with_key_scales(p);
    case KernelFault::channels_modulo_8_skipped:
      return with_channels(p, p.qk_dim() - p.qk_dim() % 8);
    case KernelFault::channels_past_64_skipped:
      return with_channels(p, std::min<Index>(p.qk_dim(), 64));
    case KernelFault::channels_192_256_skipped:
      return with_channels(p, skipped_192_256(p.qk_dim()));
    case KernelFault::products_tf32:
      return with_tf32_products(p);
    case KernelFault::query_in_f16:
      return with_query_in_f16(p);
    case KernelFault::outputs_1_percent_f32:
      return with_stretched_values(p);
    default:
      return std::nullopt;
  }
}

}  // namespace attest::faults
