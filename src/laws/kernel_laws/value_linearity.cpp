// out(V1 + V2) = out(V1) + out(V2).
//
// V1 holds the values of the even keys, V2 those of the odd ones, and 0 elsewhere, so that the sum is exact
// in every format. Each of the three is judged by its own bound. What it adds to "definition": with half of
// the values 0 a wrong weight of one key no longer hides behind its neighbours, and neighbours swapped in a
// layout of pairs show.

#include "laws/catalogue.hpp"
#include "laws/relations/two_runs.hpp"
#include "problem/key_value.hpp"

namespace attest::laws {
namespace {

std::string why_not(const Problem& p, const oracle::ContractSet&) {
  if (p.batch() * p.q_len() * p.kv_len() == 0) return "there is no row or no key";
  return p.kv_len() < 2 ? "there are fewer than two keys" : "";
}

Problem with_values_of(const Problem& problem, std::int64_t parity) {
  Problem p = problem;
  p.v = problem.v.with_strides(row_major_strides(problem.v.shape()));
  for (std::int64_t b = 0; b < p.batch(); ++b) {
    for (std::int64_t g = 0; g < p.kv_heads(); ++g) {
      for (std::int64_t j = 1 - parity; j < p.kv_len(); j += 2) {
        for (std::int64_t c = 0; c < p.v_dim(); ++c) set_value(p, b, g, j, c, 0);
      }
    }
  }
  return p;
}

std::vector<Call> calls(const Problem& p, const oracle::ContractSet&) {
  std::vector<Call> made{{"the values of even keys alone", with_values_of(p, 0)},
                         {"the values of odd keys alone", with_values_of(p, 1)}};
  for (Call& call : made) call.same_number = false;
  return made;
}

}  // namespace

Law value_linearity_law() {
  return {.id = LawId::value_linearity,
          .on_kernels = "certified bound",
          .why_not = why_not,
          .calls = calls,
          .relate = relate_within_bounds,
          .share = 0.1};
}

}  // namespace attest::laws
