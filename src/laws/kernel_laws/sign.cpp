// (-q, -k) gives the same bits, and -V the negated ones.
//
// Products of two negated factors are the same numbers, and rounding to nearest or toward zero treats both
// signs alike; so does every format. Contracts that round upward or downward do not.

#include "laws/catalogue.hpp"
#include "laws/inputs/key_visibility.hpp"
#include "laws/relations/two_runs.hpp"
#include "oracle/contract/questions.hpp"

namespace attest::laws {
namespace {

std::string why_not(const Problem& p, const oracle::ContractSet& contract) {
  if (!oracle::rounds_both_signs_alike(contract)) return "the contract does not round both signs alike";
  return p.batch() * p.q_len() * p.kv_len() == 0 ? "there is no row or no key" : "";
}

void negate(Tensor& t) {
  std::vector<double> values = t.values();
  for (double& x : values) x = -x;
  t.assign(values);
}

std::vector<Call> calls(const Problem& p, const oracle::ContractSet&) {
  std::vector<Call> made{{"negated queries and keys", p}, {"negated values", p}};
  negate(made[0].problem.q);
  negate(made[0].problem.k);
  negate(made[1].problem.v);
  made[1].factor = -1;
  return made;
}

}  // namespace

Law sign_law() {
  return {.id = LawId::sign,
          .on_kernels = "bit for bit",
          .why_not = why_not,
          .calls = calls,
          .relate = relate_bits,
          .share = 0.08};
}

}  // namespace attest::laws
