#include "bound_attack/emulator/emulation.hpp"

#include <cmath>
#include <numbers>

namespace attest::attack {

Real Emulation::exponential(Real exponent, int push) {
  if (fault == Fault::log2e_of_four_digits) exponent *= 1.443L * std::numbers::ln2_v<Real>;
  const Real exact = scores.base_two ? std::exp2(exponent) : std::exp(exponent);
  return arithmetic.exponential(score_unit, exact, contract.exp.relative, contract.exp.absolute, push);
}

Real Emulation::exponent(Real x, Real shift, int push) {
  if (!scores.rounded_shift) return arithmetic.add(score_unit, x, -shift, push);
  // `shift` is fl(m * factor) here: FlashAttention-2 forms x * factor - shift, fused or not.
  if (strategy.fused_multiply_add) return arithmetic.fma(score_unit, x, scores.factor, -shift, push);
  return arithmetic.add(score_unit, arithmetic.mul(score_unit, x, scores.factor, push), -shift, push);
}

Real Emulation::rescale_factor(Real from, Real to, Real pull) {
  if (from == to) return 1;
  const int push = sign_of(pull);
  Real difference = arithmetic.add(score_unit, from, -to, push);
  if (scores.rounded_shift) difference = arithmetic.mul(score_unit, difference, scores.factor, push);
  const Real factor = exponential(difference, push);
  if (fault != Fault::exponential_of_rescale_in_bf16) return factor;
  return arithmetic.store({kBfloat16}, factor, push);
}

Real Emulation::shift_of(Real m, bool natural) {
  const int push = aim.logarithm;
  if (natural) {
    if (scores.natural_factor == 1) return m;
    return arithmetic.mul(score_unit, m, scores.natural_factor, push);
  }
  return scores.rounded_shift ? arithmetic.mul(score_unit, m, scores.factor, push) : m;
}

Real Emulation::quotient(Real numerator, Real denominator) {
  const Unit& unit = numerators.unit();
  const int push = strategy.direction;
  if (!contract.reciprocal) return arithmetic.div(unit, numerator, denominator, push);
  const Real reciprocal = arithmetic.div(unit, 1, denominator, push * sign_of(numerator));
  return arithmetic.mul(unit, numerator, reciprocal, push);
}

Real Emulation::logarithm(Real x, bool natural) {
  const Real exact = natural ? std::log(x) : std::log2(x);
  // An absolute error is declared for the natural logarithm.
  const Real abs = natural ? 1 : std::numbers::log2e_v<Real>;
  return arithmetic.approximate(score_unit, exact, contract.log.relative,
                                static_cast<double>(abs * static_cast<Real>(contract.log.absolute)),
                                aim.logarithm);
}

}  // namespace attest::attack
