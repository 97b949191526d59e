#include "check/layout.hpp"

#include <array>
#include <utility>

namespace attest {
namespace {

using Axes = std::array<std::size_t, 4>;

// Axes from the innermost out.
Axes draw_order(Draw& draw, bool permuted) {
  if (!permuted) return {3, 2, 1, 0};
  return draw.chance(0.7) ? Axes{3, 1, 2, 0} : draw.pick<Axes>({{2, 3, 1, 0}, {3, 2, 0, 1}, {3, 0, 1, 2}});
}

}  // namespace

Tensor draw_layout(Draw& draw, const FeatureSet& layouts, DType dtype, std::vector<std::int64_t> shape) {
  const Axes order = draw_order(draw, layouts.has(Feature::permuted));
  const std::size_t repeated = draw.chance(0.6) ? 1 : 0;  // heads, or batches
  std::vector<std::int64_t> strides(4, 0);
  std::int64_t step = 1;
  for (const std::size_t axis : order) {
    if (layouts.has(Feature::repeated) && axis == repeated) continue;
    strides[axis] = step;
    step *= shape[axis];
    if (layouts.has(Feature::padded) && axis >= 2 && draw.chance(0.7)) step += draw.between(1, 5);
  }
  return {dtype, std::move(shape), std::move(strides)};
}

}  // namespace attest
