#include "check/generate/layout/layout.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "check/generate/layout/axis_order.hpp"
#include "check/generate/layout/far_layout.hpp"
#include "problem/inputs.hpp"

namespace attest::check {
namespace {

using Axes = std::array<std::size_t, 4>;

// Axes from the innermost out.
Axes draw_order(Draw& draw, bool permuted) {
  if (!permuted) return {3, 2, 1, 0};
  return draw.chance(0.7) ? Axes{3, 1, 2, 0} : draw.pick<Axes>({{2, 3, 1, 0}, {3, 2, 0, 1}, {3, 0, 1, 2}});
}

// Not row-major, unless there is one element. Without strides of 0.
Extents draw_apart(Draw& draw, const Extents& shape) {
  std::vector<std::size_t> order = reversed_axes(shape.size());
  const std::vector<std::size_t> axes = long_axes(shape);
  const bool permuted = axes.size() > 1 && draw.chance(0.5);
  if (permuted) {
    std::swap(*std::find(order.begin(), order.end(), axes[axes.size() - 1]),
              *std::find(order.begin(), order.end(), axes[axes.size() - 2]));
  }
  const bool padded = !permuted || draw.chance(0.4);
  // At least one gap where any is asked for: after the innermost elements where nothing else is long.
  const std::int64_t within = padded && (axes.size() == 1 || draw.chance(0.3)) ? draw.between(1, 3) : 0;
  bool first = true;
  return strides_in_order(shape, order, [&]() -> std::int64_t {
    if (std::exchange(first, false)) return within;
    return padded ? draw.between(1, 5) : 0;
  });
}

// The first slice along the axis stands for all, in storage too.
Tensor repeated_along(const Tensor& t, std::size_t axis) {
  Extents shape = t.shape();
  shape[axis] = 1;
  Extents strides = row_major_strides(shape);
  strides[axis] = 0;
  std::int64_t inner = 1;
  for (std::size_t a = axis + 1; a < t.rank(); ++a) inner *= t.dim(a);
  std::vector<double> values = t.values();
  for (std::size_t at = 0; at < values.size(); ++at) {
    const auto index = static_cast<std::int64_t>(at) / inner % t.dim(axis);
    values[at] = values[at - static_cast<std::size_t>(index * inner)];
  }
  Tensor repeated(t.dtype(), t.shape(), strides);
  repeated.assign(values);
  return repeated;
}

Tensor strided(Draw& draw, const Tensor& t) {
  const std::vector<std::size_t> axes = long_axes(t.shape());
  if (t.count() == 0 || axes.empty()) return t;
  if (draw.chance(0.5)) return repeated_along(t, draw.pick(axes));
  return t.with_strides(draw_apart(draw, t.shape()));
}

void stride_out(Draw& draw, Problem& p) {
  if (p.batch() * p.q_len() == 0) return;
  const bool both = draw.chance(0.5);
  const bool out = both || !p.want_lse || draw.chance(0.6);
  if (out) p.out_strides = draw_apart(draw, p.out_shape());
  if (p.want_lse && (both || !out)) p.lse_strides = draw_apart(draw, p.lse_shape());
}

void make_one(Draw& draw, Problem& p) {
  const bool values = p.k.shape() == p.v.shape();
  const bool queries = p.q.shape() == p.k.shape() && p.q.dtype() == p.k.dtype();
  p.k_is_v = values && (!queries || draw.chance(0.7));
  p.q_is_k = queries && (!p.k_is_v || draw.chance(0.3));
  if (p.k_is_v) p.v = p.k;
  if (p.q_is_k) p.q = p.k;
}

double magnitude(const Tensor& t) {
  double largest = 0;
  for (const double x : t.values()) largest = std::isnan(x) ? HUGE_VAL : std::max(largest, std::fabs(x));
  return largest;
}

void make_equal(Tensor& a, Tensor& b) {
  if (a.shape() != b.shape() || a.dtype() != b.dtype()) return;
  Tensor& smaller = magnitude(a) <= magnitude(b) ? a : b;
  Tensor& larger = &smaller == &a ? b : a;
  if (larger.spread() && !smaller.spread()) {
    larger.assign(smaller.values());
    smaller = larger;
  } else {
    larger = smaller;
  }
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

void lay_out(Draw& draw, const FeatureSet& wanted, FarTarget far_target, Problem& p) {
  for (const Input& input : optional_inputs()) {
    const Tensor* t = input.of(p);
    const Feature feature = input.is_vector() ? Feature::strided_vectors : Feature::strided_scores;
    if (t != nullptr && wanted.has(feature)) input.put(p, strided(draw, *t));
  }
  if (wanted.has(Feature::strided_out)) stride_out(draw, p);
  if (wanted.has(Feature::shared_address)) make_one(draw, p);
  if (wanted.has(Feature::far_offsets)) reach_far(draw, far_target, p);
}

void share_address(Problem& p) {
  if (p.q_is_k) make_equal(p.q, p.k);
  if (p.k_is_v) make_equal(p.k, p.v);
  if (p.q_is_k) make_equal(p.q, p.k);
}

}  // namespace attest::check
