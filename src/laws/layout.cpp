// The same logical tensors in another layout: rows before heads, rows with gaps, and, where they were strided
// or shared, row-major.
//
// A correct kernel may take another path for another layout, so the bound decides; whether it gives the same
// bits is reported. What it adds to "definition": one input under every layout, so that a stride taken from
// another axis or tensor shows as a difference.

#include "laws/catalogue.hpp"
#include "laws/two_runs.hpp"

namespace attest {
namespace {

std::string why_not(const Problem& p, const ContractSet&) {
  return p.batch() * p.q_len() * p.kv_len() == 0 ? "there is no row or no key" : "";
}

// [batch, length, heads, dim] in memory.
std::vector<std::int64_t> rows_before_heads(const Tensor& t) {
  return {t.dim(1) * t.dim(2) * t.dim(3), t.dim(3), t.dim(1) * t.dim(3), 1};
}

std::vector<std::int64_t> with_gaps(const Tensor& t) {
  const std::int64_t row = t.dim(3) + 3;
  return {(t.dim(2) * row + 1) * t.dim(1), t.dim(2) * row + 1, row, 1};
}

template <class Strides>
Problem in_layout(const Problem& problem, Strides strides) {
  Problem p = problem;
  for (Tensor* t : {&p.q, &p.k, &p.v}) *t = t->with_strides(strides(*t));
  return p;
}

std::vector<Call> calls(const Problem& p, const ContractSet&) {
  std::vector<Call> made{{"rows before heads in memory", in_layout(p, rows_before_heads)},
                         {"gaps between rows", in_layout(p, with_gaps)}};
  if (!p.q.contiguous() || !p.k.contiguous() || !p.v.contiguous()) {
    made.push_back(
        {"row-major tensors", in_layout(p, [](const Tensor& t) { return row_major_strides(t.shape()); })});
  }
  return made;
}

}  // namespace

Law layout_law() {
  return {"layout",
          "the same tensors permuted, padded or shared in memory give the same",
          "certified bound",
          why_not,
          nullptr,
          calls,
          relate_within_bounds,
          0.1};
}

}  // namespace attest
