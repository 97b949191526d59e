#include "semantics/z3_real.hpp"

namespace attest::semantics {

Z3Real::Score Z3Real::score(const std::string& name) const {
  const z3::expr weight = context_.real_const(name.c_str());
  hypotheses_.push_back(weight > 0);
  return {weight};
}

Z3Real::Acc Z3Real::value(const std::string& name) const { return {context_.real_const(name.c_str())}; }

Z3Real::Acc Z3Real::constant(int numerator, int denominator) const {
  return {context_.real_val(numerator, denominator)};
}

z3::expr Z3Real::quotient(const z3::expr& x, const z3::expr& y) const {
  divisors_.push_back(y);
  return x / y;
}

}  // namespace attest::semantics
