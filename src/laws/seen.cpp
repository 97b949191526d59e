#include "laws/seen.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "oracle/visible.hpp"

namespace attest {

std::vector<bool> seen_keys(const Problem& problem, std::int64_t b, std::int64_t kv_head) {
  std::vector<bool> seen(static_cast<std::size_t>(problem.kv_len()), false);
  const std::int64_t group = problem.q_heads() / problem.kv_heads();
  for (std::int64_t h = kv_head * group; h < (kv_head + 1) * group; ++h) {
    for (std::int64_t i = 0; i < problem.q_len(); ++i) {
      for (std::int64_t j = 0; j < problem.kv_len(); ++j) {
        const auto at = static_cast<std::size_t>(j);
        if (!seen[at] && visible(problem, b, h, i, j)) seen[at] = true;
      }
    }
  }
  return seen;
}

void for_each_row(const Problem& problem,
                  const std::function<void(std::int64_t b, std::int64_t h, std::int64_t i)>& visit) {
  for (std::int64_t b = 0; b < problem.batch(); ++b) {
    for (std::int64_t h = 0; h < problem.q_heads(); ++h) {
      for (std::int64_t i = 0; i < problem.q_len(); ++i) visit(b, h, i);
    }
  }
}

bool has_sink(const Problem& problem, std::int64_t h) {
  return problem.sink && problem.sink->at({h}) != -HUGE_VAL;
}

// Distinct when each axis steps over all that the axes inside it can reach.
bool shares_storage(const Tensor& tensor) {
  std::vector<std::pair<std::int64_t, std::int64_t>> axes;  // stride, extent
  for (std::size_t axis = 0; axis < tensor.rank(); ++axis) {
    if (tensor.dim(axis) > 1) axes.emplace_back(tensor.strides()[axis], tensor.dim(axis));
  }
  std::sort(axes.begin(), axes.end());
  std::int64_t reach = 0;
  for (const auto& [stride, extent] : axes) {
    if (stride <= reach) return true;
    reach += stride * (extent - 1);
  }
  return false;
}

}  // namespace attest
