#include "laws/inputs/key_visibility.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "oracle/definition/head_terms.hpp"
#include "oracle/definition/visible.hpp"

namespace attest::laws {

std::vector<bool> seen_keys(const Problem& problem, std::int64_t b, std::int64_t kv_head) {
  std::vector<bool> seen(static_cast<std::size_t>(problem.kv_len()), false);
  const std::int64_t group = problem.q_heads() / problem.kv_heads();
  for (std::int64_t h = kv_head * group; h < (kv_head + 1) * group; ++h) {
    for (std::int64_t i = 0; i < problem.q_len(); ++i) {
      for (std::int64_t j = 0; j < problem.kv_len(); ++j) {
        const auto at = static_cast<std::size_t>(j);
        if (!seen[at] && oracle::visible(problem, b, h, i, j)) seen[at] = true;
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

std::vector<bool> rows_seeing_none_of(
    const Problem& problem,
    const std::function<bool(std::int64_t b, std::int64_t kv_head, std::int64_t j)>& among) {
  std::vector<bool> blind;
  for_each_row(problem, [&](std::int64_t b, std::int64_t h, std::int64_t i) {
    bool sees = false;
    const oracle::KeyRange range = oracle::key_range(problem, b, i);
    for (std::int64_t j = range.begin; j < range.end && !sees; ++j) {
      sees = among(b, oracle::kv_head_of(problem, h), j) && oracle::visible(problem, b, h, i, j);
    }
    blind.push_back(!sees);
  });
  return blind;
}

bool positional(const Problem& problem) {
  return problem.causal != Causal::none || problem.window_left != -1 || problem.window_right != -1 ||
         problem.alibi_slopes.has_value();
}

bool has_sink(const Problem& problem, std::int64_t h) {
  return oracle::head_terms(problem, h).sink.has_value();
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

}  // namespace attest::laws
