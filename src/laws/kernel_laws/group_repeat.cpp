// Grouped heads equal the same heads with their keys and values repeated.
//
// What it adds to "definition": compares the path for grouped heads with the one for equal counts, on one
// input.

#include "laws/catalogue.hpp"
#include "laws/inputs/edit.hpp"
#include "laws/relations/two_runs.hpp"

namespace attest::laws {
namespace {

std::string why_not(const Problem& p, const oracle::ContractSet&) {
  if (p.batch() * p.q_len() * p.kv_len() == 0) return "there is no row or no key";
  return p.q_heads() == p.kv_heads() ? "every query head has a key/value head of its own" : "";
}

std::vector<Call> calls(const Problem& p, const oracle::ContractSet&) {
  std::vector<std::int64_t> read;
  for (std::int64_t h = 0; h < p.q_heads(); ++h) read.push_back(h / (p.q_heads() / p.kv_heads()));
  Call call{"keys and values repeated for every query head", p};
  call.problem.k = taken(p.k, 1, read);
  call.problem.v = taken(p.v, 1, read);
  return {std::move(call)};
}

}  // namespace

Law group_repeat_law() {
  return {.id = LawId::group_repeat,
          .on_kernels = "certified bound",
          .why_not = why_not,
          .calls = calls,
          .relate = relate_within_bounds,
          .share = 0.25};
}

}  // namespace attest::laws
