#include "support/symbolic_floats.hpp"

#include <fmt/format.h>

namespace attest::proofs {

SymbolicFloats::SymbolicFloats(z3::context& context, const Format& format)
    : ObligationBuilder(context), format_(format), contract_(context, format) {}

semantics::Z3Fp::Exponential SymbolicFloats::exponential() {
  return [this](const z3::expr& x) { return apply_exp(x); };
}

z3::expr SymbolicFloats::apply_exp(const z3::expr& x) {
  const unsigned known = contract_.axioms().size();
  z3::expr_vector application(context_);
  application.push_back(contract_(x));
  z3::expr_vector result(context_);
  result.push_back(number(fmt::format("exp{}", results_.size())).term);
  for (unsigned i = known; i < contract_.axioms().size(); ++i)
    assume({contract_.axioms()[static_cast<int>(i)].substitute(application, result)});
  for (std::size_t i = 0; i < results_.size(); ++i)
    assume({z3::implies(x == arguments_[i], result[0] == results_[i])});  // structural: the same bits
  arguments_.push_back(x);
  results_.push_back(result[0]);
  return result[0];
}

}  // namespace attest::proofs
