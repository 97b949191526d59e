#include "laws/inputs/edit.hpp"

#include <algorithm>
#include <numeric>

#include "problem/inputs.hpp"
#include "problem/strided.hpp"

namespace attest::laws {
namespace {

// Axes from the innermost (smallest stride) out; repeated axes are left out.
std::vector<std::size_t> memory_order(const Tensor& t) {
  std::vector<std::size_t> axes;
  for (std::size_t axis = t.rank(); axis-- > 0;) {
    if (t.strides()[axis] != 0) axes.push_back(axis);
  }
  std::stable_sort(axes.begin(), axes.end(),
                   [&](std::size_t a, std::size_t b) { return t.strides()[a] < t.strides()[b]; });
  return axes;
}

std::vector<std::int64_t> strides_like(const Tensor& t, const std::vector<std::int64_t>& shape) {
  std::vector<std::int64_t> strides(t.rank(), 0);
  std::int64_t packed_before = 1;
  std::int64_t packed_now = 1;
  for (const std::size_t axis : memory_order(t)) {
    const std::int64_t gap = std::max<std::int64_t>(0, t.strides()[axis] - packed_before);
    strides[axis] = packed_now + gap;
    packed_before = t.strides()[axis] * std::max<std::int64_t>(1, t.dim(axis));
    packed_now = strides[axis] * std::max<std::int64_t>(1, shape[axis]);
  }
  return strides;
}

// How many of the indices from `first` on follow one another.
std::size_t run_from(const std::vector<std::int64_t>& indices, std::size_t first) {
  std::size_t end = first + 1;
  while (end < indices.size() && indices[end] == indices[end - 1] + 1) ++end;
  return end - first;
}

// Of every input of `p`, the slices at these indices of the axes that play the role. Axes of extent 1 that
// broadcast stay.
void take(Problem& p, AxisRole role, const std::vector<std::int64_t>& indices) {
  const std::int64_t full = extent_of(p, role);
  for (const Input& input : kInputs) {
    for (std::size_t axis = 0; axis < input.rank; ++axis) {
      const Tensor* tensor = input.of(p);
      if (tensor == nullptr || input.axes[axis].role != role) continue;
      if (input.axes[axis].broadcasts && (tensor->dim(axis) != full || full == 1)) continue;
      input.put(p, taken(*tensor, axis, indices));
    }
  }
}

Problem sliced(const Problem& problem, AxisRole role, const std::vector<std::int64_t>& indices) {
  Problem p = problem;
  take(p, role, indices);
  return p;
}

}  // namespace

std::vector<std::int64_t> first_indices(std::int64_t count) {
  std::vector<std::int64_t> indices(static_cast<std::size_t>(count));
  std::iota(indices.begin(), indices.end(), 0);
  return indices;
}

Tensor taken(const Tensor& t, std::size_t axis, const std::vector<std::int64_t>& indices) {
  std::vector<std::int64_t> shape = t.shape();
  shape[axis] = static_cast<std::int64_t>(indices.size());
  Tensor part =
      t.owns_elements() ? Tensor(t.dtype(), shape, strides_like(t, shape)) : Tensor(t.dtype(), shape);
  const auto size = static_cast<std::int64_t>(size_of(t.dtype()));
  std::vector<std::int64_t> block = shape;
  for (std::size_t to = 0; to < indices.size() && part.count() > 0;
       to += static_cast<std::size_t>(block[axis])) {
    block[axis] = static_cast<std::int64_t>(run_from(indices, to));
    copy_elements(block, size_of(t.dtype()), t.data() + size * indices[to] * t.strides()[axis], t.strides(),
                  part.bytes().data() + size * static_cast<std::int64_t>(to) * part.strides()[axis],
                  part.strides());
  }
  const bool fits = shape[axis] <= t.dim(axis);  // more elements might overlap where a kernel sees them
  return t.spread() && fits ? part.spread_to(t.memory_strides()) : part;
}

Problem with_batches(const Problem& problem, const std::vector<std::int64_t>& batches) {
  return sliced(problem, AxisRole::batch, batches);
}

Problem with_queries(const Problem& problem, const std::vector<std::int64_t>& rows) {
  return sliced(problem, AxisRole::row, rows);
}

Problem with_keys(const Problem& problem, const std::vector<std::int64_t>& keys) {
  Problem p = sliced(problem, AxisRole::key, keys);
  if (p.kv_lens) {
    std::vector<double> lengths = p.kv_lens->values();  // batches may share one
    for (double& length : lengths) {
      const auto kept = std::count_if(keys.begin(), keys.end(),
                                      [&](std::int64_t j) { return static_cast<double>(j) < length; });
      length = static_cast<double>(kept);
    }
    p.kv_lens->assign(lengths);
  }
  return p;
}

Problem with_first_keys(const Problem& problem, std::int64_t count) {
  return with_keys(problem, first_indices(count));
}

Problem with_qk_dims(const Problem& problem, const std::vector<std::int64_t>& channels) {
  return sliced(problem, AxisRole::qk_channel, channels);
}

Problem with_v_dims(const Problem& problem, const std::vector<std::int64_t>& channels) {
  return sliced(problem, AxisRole::v_channel, channels);
}

Problem with_kv_heads(const Problem& problem, const std::vector<std::int64_t>& kv_heads) {
  const std::int64_t group = problem.q_heads() / problem.kv_heads();
  std::vector<std::int64_t> heads;
  for (const std::int64_t g : kv_heads) {
    for (std::int64_t member = 0; member < group; ++member) heads.push_back(g * group + member);
  }
  return sliced(sliced(problem, AxisRole::q_head, heads), AxisRole::kv_head, kv_heads);
}

Problem with_group_members(const Problem& problem, const std::vector<std::int64_t>& members) {
  const std::int64_t group = problem.q_heads() / problem.kv_heads();
  std::vector<std::int64_t> heads;
  for (std::int64_t g = 0; g < problem.kv_heads(); ++g) {
    for (const std::int64_t member : members) heads.push_back(g * group + member);
  }
  return sliced(problem, AxisRole::q_head, heads);
}

}  // namespace attest::laws
