#include "support/symbolic.hpp"

#include <algorithm>
#include <iterator>

namespace attest::proofs {

void SymbolicWorld::show_nonzero_first(const z3::expr_vector& divisors) {
  std::set<unsigned> seen;
  z3::expr_vector nonzero(context_);
  for (const z3::expr& divisor : divisors) {
    if (!divisor.is_numeral() && seen.insert(Z3_get_ast_id(context_, divisor)).second)
      nonzero.push_back(divisor != 0);
  }
  if (nonzero.empty()) return;
  add_goal("no divisor is zero", hypotheses_, {z3::mk_and(nonzero)});
  std::rotate(goals_.begin(), std::prev(goals_.end()), goals_.end());
}

}  // namespace attest::proofs
