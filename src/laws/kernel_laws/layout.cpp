// The same logical tensors in another layout: rows before heads, rows with gaps, and, where any of them was
// strided or shared, all of them packed.
//
// A correct kernel may take another path for another layout, so the bound decides; whether it gives the same
// bits is reported. What it adds to "definition": one input under every layout, so that a stride taken from
// another axis or tensor shows as a difference.

#include <algorithm>

#include <fmt/format.h>

#include "laws/catalogue.hpp"
#include "laws/relations/two_runs.hpp"
#include "problem/inputs.hpp"

namespace attest::laws {
namespace {

std::string why_not(const Problem& p, const oracle::ContractSet&) {
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

constexpr std::string_view kPacked = "packed copies";

Problem packed(const Problem& problem) {
  Problem p = in_layout(problem, [](const Tensor& t) { return row_major_strides(t.shape()); });
  for (const Input& input : optional_inputs()) {
    if (const Tensor* t = input.of(p)) input.put(p, t->with_strides(row_major_strides(t->shape())));
  }
  p.out_strides.clear();
  p.lse_strides.clear();
  p.q_is_k = p.k_is_v = false;
  return p;
}

bool is_packed(const Problem& p) {
  const bool inputs = std::all_of(kInputs.begin(), kInputs.end(), [&](const Input& input) {
    const Tensor* t = input.of(p);
    return t == nullptr || t->contiguous();
  });
  return inputs && p.out_strides.empty() && p.lse_strides.empty() && !k_lies_in_q(p) && !v_lies_in_k(p);
}

std::vector<Call> calls(const Problem& p, const oracle::ContractSet&) {
  std::vector<Call> made{{"rows before heads in memory", in_layout(p, rows_before_heads)},
                         {"gaps between rows", in_layout(p, with_gaps)}};
  // First, for it says most: what is right only there ignores strides.
  if (!is_packed(p)) made.insert(made.begin(), {std::string(kPacked), packed(p)});
  return made;
}

Relation relate(Subject& subject, const std::vector<Call>& made, const CallResults& results) {
  Relation relation = relate_within_bounds(subject, made, results);
  if (!relation.breach || relation.breach->variant != kPacked) return relation;
  std::string& summary = relation.breach->summary;
  const std::string only_base = fmt::format(" (but not with {})", kPacked);
  if (summary.ends_with(only_base)) {
    summary.resize(summary.size() - only_base.size());
    summary += " (right on the packed copy)";
  }
  return relation;
}

}  // namespace

Law layout_law() {
  return {.id = LawId::layout,
          .on_kernels = "certified bound",
          .why_not = why_not,
          .calls = calls,
          .relate = relate,
          .share = 0.1};
}

}  // namespace attest::laws
