// (-q, -k) gives the same bits, and -V the negated ones.
//
// Products of two negated factors are the same numbers, and rounding to nearest or toward zero treats both
// signs alike; so does every format. Contracts that round upward or downward do not.

#include <algorithm>

#include "laws/catalogue.hpp"
#include "laws/inputs/key_visibility.hpp"
#include "laws/relations/two_runs.hpp"

namespace attest {
namespace {

bool symmetric(Rounding rounding) {
  return rounding == Rounding::nearest_even || rounding == Rounding::toward_zero;
}

std::string why_not(const Problem& p, const ContractSet& contract) {
  const bool all =
      std::all_of(contract.alternatives.begin(), contract.alternatives.end(), [](const Contract& c) {
        return symmetric(c.score.rounding) && symmetric(c.numerator.rounding) &&
               symmetric(c.denominator.rounding) && symmetric(c.probability_rounding) &&
               symmetric(c.output_rounding);
      });
  if (!all) return "the contract rounds in one direction";
  return p.batch() * p.q_len() * p.kv_len() == 0 ? "there is no row or no key" : "";
}

void negate(Tensor& t) {
  std::vector<double> values = t.values();
  for (double& x : values) x = -x;
  t.assign(values);
}

std::vector<Call> calls(const Problem& p, const ContractSet&) {
  std::vector<Call> made{{"negated queries and keys", p}, {"negated values", p}};
  negate(made[0].problem.q);
  negate(made[0].problem.k);
  negate(made[1].problem.v);
  made[1].factor = -1;
  return made;
}

}  // namespace

Law sign_law() {
  return {"sign",        "negating queries and keys does not change the output; negating values negates it",
          "bit for bit", why_not,
          nullptr,       calls,
          relate_bits,   0.08};
}

}  // namespace attest
