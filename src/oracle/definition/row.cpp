#include "oracle/definition/row.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "oracle/definition/visible.hpp"
#include "problem/key_value.hpp"

namespace attest::oracle {
namespace {

bool all_finite(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [](double x) { return std::isfinite(x); });
}

// The end of `to`, which grows by n elements.
double* grown(std::vector<double>& to, std::int64_t n) {
  const std::size_t had = to.size();
  to.resize(had + static_cast<std::size_t>(n));
  return to.data() + had;
}

}  // namespace

Row gather_row(const Problem& problem, std::int64_t b, std::int64_t h, std::int64_t i) {
  return gather_row(problem, b, h, i, visible_keys(problem, b, h, i));
}

Row gather_row(const Problem& problem, std::int64_t b, std::int64_t h, std::int64_t i,
               const std::vector<std::int64_t>& keys) {
  Row row;
  static_cast<HeadTerms&>(row) = head_terms(problem, h);
  const KeyValue keys_and_values(problem);
  const std::int64_t kv_head = kv_head_of(problem, h);
  row.keys = static_cast<std::int64_t>(keys.size());
  row.qk_dim = problem.qk_dim();
  row.v_dim = problem.v_dim();
  row.span = keys_of(problem, b);
  row.q.reserve(static_cast<std::size_t>(row.qk_dim));
  row.k.reserve(static_cast<std::size_t>(row.keys * row.qk_dim));
  row.v.reserve(static_cast<std::size_t>(row.keys * row.v_dim));
  load_row(problem.q, b, h, i, grown(row.q, row.qk_dim));
  const std::int64_t position = position_of(problem, b, i);
  for (const std::int64_t j : keys) {
    keys_and_values.load_key(b, kv_head, j, grown(row.k, row.qk_dim));
    keys_and_values.load_value(b, kv_head, j, grown(row.v, row.v_dim));
    if (problem.bias) row.bias.push_back(problem.bias->at({b, h, i, j}));
    if (problem.alibi_slopes) row.distance.push_back(static_cast<double>(std::llabs(position - j)));
  }
  row.finite = all_finite(row.q) && all_finite(row.k) && all_finite(row.v);
  return row;
}

}  // namespace attest::oracle
