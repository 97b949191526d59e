// Statements over symbolic IEEE floats, bit by bit.
#pragma once

#include <string>
#include <vector>

#include "semantics/z3_fp.hpp"
#include "support/obligation_builder.hpp"

namespace attest::proofs {

/// A float of a statement; comparisons are those of IEEE 754, false on NaN.
struct Float {
  z3::expr term;
  friend Formula operator==(const Float& x, const Float& y) { return {z3::fp_eq(x.term, y.term)}; }
  friend Formula operator<=(const Float& x, const Float& y) { return {x.term <= y.term}; }
  friend Formula operator<(const Float& x, const Float& y) { return {x.term < y.term}; }
};
inline Formula is_nan(const Float& x) { return {x.term.mk_is_nan()}; }
inline Formula is_finite(const Float& x) { return {!x.term.mk_is_nan() && !x.term.mk_is_inf()}; }

class SymbolicFloats : public ObligationBuilder {
 public:
  using Number = Float;

  SymbolicFloats(z3::context& context, const Format& format);

  /// Any number of the format, NaN and infinities included.
  Float number(const std::string& name) { return {variable(name, semantics::z3_sort(context_, format_))}; }
  Float constant(double value) const { return {semantics::z3_numeral(context_, format_, value)}; }

  /// exp under its contract (z3_exp.hpp). The n-th result is a variable of its own, `exp<n>`, so that a
  /// counterexample tells it: equal arguments have equal results.
  semantics::Z3Fp::Exponential exponential();

 private:
  z3::expr apply_exp(const z3::expr& x);

  Format format_;
  semantics::ContractExp contract_;
  std::vector<z3::expr> arguments_, results_;
};

inline semantics::Z3Fp::Score as_score(const semantics::Z3Fp&, const Float& x) { return {x.term}; }
inline semantics::Z3Fp::Acc as_acc(const semantics::Z3Fp&, const Float& x) { return {x.term}; }
inline semantics::Z3Fp::Acc as_numerator(const semantics::Z3Fp&, const Float& x) { return {x.term}; }
inline Float score_value(const semantics::Z3Fp&, const semantics::Z3Fp::Score& s) { return {s.term}; }
inline Float number_of(const semantics::Z3Fp&, const semantics::Z3Fp::Acc& x) { return {x.term}; }

}  // namespace attest::proofs
