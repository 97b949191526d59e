#include "faults/signatures/problem/faulty_problem.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "faults/signatures/problem/faulty_masks.hpp"
#include "faults/signatures/problem/faulty_vectors.hpp"
#include "faults/signatures/problem/remade.hpp"
#include "oracle/definition/visible.hpp"

namespace attest::faults {
namespace {

using Index = std::int64_t;
constexpr Index kHeadsOfTile = 16;

Problem remapped_heads(const Problem& p, const std::function<Index(Index)>& kv_head) {
  Problem changed = p;
  const auto expanded = [&](const Tensor& t) {
    return remade(t.dtype(), {t.dim(0), p.q_heads(), t.dim(2), t.dim(3)},
                  [&](Index b, Index h, Index j, Index c) {
                    return t.at({b, kv_head(h), j, c});
                  });
  };
  changed.k = expanded(p.k);
  changed.v = expanded(p.v);
  return changed;
}

std::optional<Problem> with_faulty_heads(const Problem& p, KernelFault fault) {
  const Index kv_heads = p.kv_heads();
  const Index group = p.q_heads() / kv_heads;
  if (kv_heads == 1) return std::nullopt;
  switch (fault) {
    case KernelFault::head_modulo:
      if (group == 1) return std::nullopt;
      return remapped_heads(p, [=](Index h) { return h % kv_heads; });
    case KernelFault::head_by_kv_heads:
      return remapped_heads(p, [=](Index h) { return h / kv_heads % kv_heads; });
    default:
      if (group <= kHeadsOfTile || group % kHeadsOfTile == 0) return std::nullopt;
      return remapped_heads(p, [=](Index h) { return h / kHeadsOfTile * kHeadsOfTile / group; });
  }
}

using Change = void (*)(Problem&);

// What the change makes of it, where it makes something.
std::optional<Problem> changed_if(bool shows, const Problem& p, Change change) {
  if (!shows) return std::nullopt;
  Problem changed = p;
  change(changed);
  return changed;
}

void shorten_kv_lens(Problem& p) {
  for (Index b = 0; b < p.batch(); ++b) {
    p.kv_lens->set({b}, std::max(p.kv_lens->at({b}) - 1, 0.0));
  }
}

Index in_32_bits(Index window) { return static_cast<std::int32_t>(window); }

std::optional<Problem> with_scale(const Problem& p, double scale) {
  Problem changed = p;
  changed.scale = scale;
  return changed;
}

}  // namespace

std::optional<Problem> faulty_problem(const Problem& p, const Hypothesis& hypothesis) {
  switch (hypothesis.fault) {
    case KernelFault::causal_top_left:
      return changed_if(p.causal == Causal::bottom_right, p, [](Problem& changed) {
        changed.causal = Causal::top_left;
        changed.q_start.reset();
      });
    case KernelFault::causal_unasked:
      return changed_if(p.causal == Causal::none, p,
                        [](Problem& changed) { changed.causal = Causal::bottom_right; });
    case KernelFault::window_32_bits:
      return changed_if(
          in_32_bits(p.window_left) != p.window_left || in_32_bits(p.window_right) != p.window_right, p,
          [](Problem& changed) {
            changed.window_left = in_32_bits(changed.window_left);
            changed.window_right = in_32_bits(changed.window_right);
          });
    case KernelFault::window_right_ignored:
      return changed_if(p.window_left == 0 && p.window_right != -1, p,
                        [](Problem& changed) { changed.window_right = -1; });
    case KernelFault::sink_ignored:
      return changed_if(p.sink.has_value(), p, [](Problem& changed) { changed.sink.reset(); });
    case KernelFault::kv_lens_ignored:
      return changed_if(p.kv_lens.has_value(), p, [](Problem& changed) { changed.kv_lens.reset(); });
    case KernelFault::kv_lens_one_short:
      return changed_if(p.kv_lens.has_value(), p, shorten_kv_lens);
    case KernelFault::head_modulo:
    case KernelFault::head_by_kv_heads:
    case KernelFault::head_tiles_cut_groups:
      return with_faulty_heads(p, hypothesis.fault);
    case KernelFault::scale_missing:
      return with_scale(p, 1);
    case KernelFault::scale_twice:
      return with_scale(p, p.scale * p.scale);
    case KernelFault::scale_5_percent:
      return with_scale(p, p.scale * 1.05);
    default:
      break;
  }
  if (std::optional<Problem> changed = with_faulty_vectors(p, hypothesis)) return changed;
  return with_faulty_masks(p, hypothesis);
}

double scale_error(const Problem& p, const Hypothesis& hypothesis) {
  const bool rounded =
      hypothesis.fault == KernelFault::scale_twice || hypothesis.fault == KernelFault::scale_5_percent;
  const std::optional<Problem> changed = rounded ? faulty_problem(p, hypothesis) : std::nullopt;
  if (!changed || changed->scale == 0) return 0;
  const double by = hypothesis.fault == KernelFault::scale_twice ? p.scale : 1.05;
  return std::fabs(std::fma(p.scale, by, -changed->scale) / changed->scale);
}

}  // namespace attest::faults
