#include "check/generate/layout/far_layout.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "check/generate/layout/axis_order.hpp"
#include "problem/inputs.hpp"

namespace attest::check {
namespace {

// One that can be told to reach far: it has two places along some axis, and few pages.
struct Candidate {
  DType dtype = DType::f32;
  Extents shape;  ///< repeated axes counted once
  std::function<void(Extents)> spread;
};

void add_candidate(Tensor* tensor, std::vector<Candidate>& candidates) {
  if (tensor == nullptr) return;
  Extents apart = tensor->shape();
  for (std::size_t axis = 0; axis < apart.size(); ++axis) {
    if (tensor->strides()[axis] == 0 && apart[axis] != 0) apart[axis] = 1;
  }
  candidates.push_back({tensor->dtype(), std::move(apart), [tensor](Extents strides) {
                          for (std::size_t axis = 0; axis < strides.size(); ++axis) {
                            if (tensor->strides()[axis] == 0) strides[axis] = 0;
                          }
                          *tensor = tensor->spread_to(std::move(strides));
                        }});
}

constexpr std::int64_t kMostPages = 256;
constexpr std::int64_t kMostBytes = std::int64_t{1} << 19;

// Axes along which a tensor can be spread without touching many pages.
std::vector<std::size_t> far_axes(const Candidate& c) {
  std::int64_t count = 1;
  for (const std::int64_t extent : c.shape) count *= extent;
  std::vector<std::size_t> axes;
  if (count == 0 || count * static_cast<std::int64_t>(size_of(c.dtype)) > kMostBytes) return axes;
  for (const std::size_t axis : long_axes(c.shape)) {
    if (c.shape[axis] <= kMostPages) axes.push_back(axis);
  }
  return axes;
}

// The axis outermost, its last index at 2^31 or 2^32 elements or a little further: an offset in 32 bits, or
// in 31 and a sign, comes out near 0 there, or before the tensor.
Extents far_strides(Draw& draw, const Candidate& c, std::size_t axis, double farther_share) {
  const Extents& shape = c.shape;
  std::vector<std::size_t> inside;
  for (const std::size_t other : reversed_axes(shape.size())) {
    if (other != axis) inside.push_back(other);
  }
  Extents strides = strides_in_order(shape, inside, [] { return std::int64_t{0}; });
  // Three times the largest span stays below kMaxSpan: q, k and v may be one, and then be told apart.
  const bool farther = draw.chance(farther_share) && size_of(c.dtype) <= 4;
  const std::int64_t reach = std::int64_t{1} << (farther ? 32 : 31);
  const std::int64_t steps = shape[axis] - 1;
  strides[axis] = (reach + steps - 1) / steps + draw.pick<std::int64_t>({0, 0, 1, 64});
  return strides;
}

constexpr std::size_t kRows = 2;

bool has_axis(const std::vector<std::size_t>& axes, std::size_t axis) {
  return std::find(axes.begin(), axes.end(), axis) != axes.end();
}

void spread_mask_rows(Draw& draw, Problem& p) {
  std::vector<Candidate> mask;
  add_candidate(p.mask ? &*p.mask : nullptr, mask);
  if (mask.empty() || !has_axis(far_axes(mask.front()), kRows)) return;
  mask.front().spread(far_strides(draw, mask.front(), kRows, 1));
}

}  // namespace

void reach_far(Draw& draw, FarTarget target, Problem& p) {
  if (target == FarTarget::mask_rows) return spread_mask_rows(draw, p);
  std::vector<Candidate> candidates;
  for (const Input& input : kInputs) {
    if (input.rank == 4) add_candidate(input.of(p), candidates);
  }
  // Offsets of a mask's rows are where 32 bits were seen to fail.
  for (int i = 0; i < 3; ++i) add_candidate(p.mask ? &*p.mask : nullptr, candidates);
  candidates.push_back(
      {p.q.dtype(), p.out_shape(), [&](Extents strides) { p.out_strides = std::move(strides); }});
  const auto too_near = [](const Candidate& c) { return far_axes(c).empty(); };
  candidates.erase(std::remove_if(candidates.begin(), candidates.end(), too_near), candidates.end());
  if (candidates.empty()) return;
  const Candidate& chosen = draw.pick(candidates);
  std::vector<std::size_t> axes = far_axes(chosen);
  if (has_axis(axes, kRows) && draw.chance(0.5)) axes = {kRows};
  chosen.spread(far_strides(draw, chosen, draw.pick(axes), 0.6));
}

}  // namespace attest::check
