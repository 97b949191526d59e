#include "laws/seen.hpp"

#include <cmath>

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

bool shares_storage(const Tensor& tensor) {
  return storage_elements(tensor.shape(), tensor.strides()) < tensor.count();
}

}  // namespace attest
