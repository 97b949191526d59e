#include "oracle/definition/row.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "oracle/definition/visible.hpp"

namespace attest {
namespace {

bool all_finite(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [](double x) { return std::isfinite(x); });
}

// Appends tensor[b, head, row, :] decoded.
void append_vector(const Tensor& tensor, std::int64_t b, std::int64_t head, std::int64_t row,
                   std::vector<double>& to) {
  const auto& strides = tensor.strides();
  const std::int64_t base = b * strides[0] + head * strides[1] + row * strides[2];
  const auto size = static_cast<std::int64_t>(size_of(tensor.dtype()));
  const std::size_t had = to.size();
  to.resize(had + static_cast<std::size_t>(tensor.dim(3)));
  decode_run(tensor.dtype(), tensor.bytes().data() + base * size, strides[3], tensor.dim(3), to.data() + had);
}

}  // namespace

Row gather_row(const Problem& problem, std::int64_t b, std::int64_t h, std::int64_t i) {
  return gather_row(problem, b, h, i, visible_keys(problem, b, h, i));
}

Row gather_row(const Problem& problem, std::int64_t b, std::int64_t h, std::int64_t i,
               const std::vector<std::int64_t>& keys) {
  Row row;
  const std::int64_t kv_head = kv_head_of(problem, h);
  row.keys = static_cast<std::int64_t>(keys.size());
  row.qk_dim = problem.qk_dim();
  row.v_dim = problem.v_dim();
  row.span = keys_of(problem, b);
  row.scale = problem.scale;
  row.softcap = problem.softcap;
  row.q.reserve(static_cast<std::size_t>(row.qk_dim));
  row.k.reserve(static_cast<std::size_t>(row.keys * row.qk_dim));
  row.v.reserve(static_cast<std::size_t>(row.keys * row.v_dim));
  append_vector(problem.q, b, h, i, row.q);
  const std::int64_t position = position_of(problem, b, i);
  if (problem.alibi_slopes) row.slope = problem.alibi_slopes->at({h});
  for (const std::int64_t j : keys) {
    append_vector(problem.k, b, kv_head, j, row.k);
    append_vector(problem.v, b, kv_head, j, row.v);
    if (problem.bias) row.bias.push_back(problem.bias->at({b, h, i, j}));
    if (problem.alibi_slopes) row.distance.push_back(static_cast<double>(std::llabs(position - j)));
  }
  if (problem.sink && problem.sink->at({h}) != -HUGE_VAL) row.sink = problem.sink->at({h});
  row.finite = all_finite(row.q) && all_finite(row.k) && all_finite(row.v);
  return row;
}

}  // namespace attest
