#include "bound_attack/emulator/emulation.hpp"

#include <algorithm>
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
  return arithmetic.mul(unit, numerator, reciprocal(unit, denominator, push * sign_of(numerator)), push);
}

Real Emulation::reciprocal(const Unit& unit, Real x, int push) {
  const Real rounded = arithmetic.div(unit, 1, x, push);
  if (contract.reciprocal_rel == 0) return rounded;
  return arithmetic.approximate(unit, rounded, contract.reciprocal_rel, 0, push);
}

Real Emulation::value(std::size_t j, std::size_t c) {
  const Unit& unit = numerators.unit();
  Real v = arithmetic.input(unit.format, row.kv_format, row.keys[j].v[c]);
  if (contract.v_conversion) v = arithmetic.store(unit_of(contract.v_conversion), v, aim.value_push[j]);
  if (!centre.empty()) v = arithmetic.add(unit, v, -centre[c], aim.numerator);
  return v;
}

Real Emulation::probability(Real weight, int push) {
  const Real scale = static_cast<Real>(contract.probability_scale);
  return arithmetic.store(unit_of(contract.probability), weight * scale, push) / scale;
}

void Emulation::restore(std::vector<Real>& out) {
  for (std::size_t c = 0; c < centre.size(); ++c) {
    out[c] = arithmetic.add(numerators.unit(), out[c], centre[c], strategy.direction);
  }
}

// |scale| |q| max|k| and the largest of what is added, each operation rounded.
Real Emulation::norms() const {
  const auto squares = [](const std::vector<double>& x) {
    Real sum = 0;
    for (const double each : x) sum += static_cast<Real>(each) * static_cast<Real>(each);
    return sum;
  };
  Real keys = 0;
  Real bias = 0;
  for (const KeyInput& key : row.keys) {
    keys = std::max(keys, squares(key.k));
    bias = std::max(bias, std::fabs(static_cast<Real>(key.bias)));
  }
  Real bound = std::sqrt(squares(row.q)) * std::sqrt(keys) * std::fabs(static_cast<Real>(row.scale)) + bias;
  for (const KeyInput& key : row.keys) {
    if (row.slope < 0)
      bound = std::max(bound, bound + std::fabs(static_cast<Real>(row.slope * key.distance)));
  }
  if (scores.moved > 0) bound += scores.moved;
  const auto d = static_cast<Real>(row.q.size());
  const Real u = static_cast<Real>(score_unit.format.unit_roundoff(score_unit.rounding));
  return bound * (1 + static_cast<Real>(strategy.direction) * (d + 2) * u);
}

Real Emulation::shift_for(Real top) const {
  if (contract.shift_by_norms) {
    Real bound = norms();
    if (row.sink && contract.sink_in_max)
      bound = std::max(bound, static_cast<Real>(*row.sink) + scores.moved);
    return bound / scores.nats_per_unit;
  }
  if (contract.shift_above == 0 || !strategy.shift_above_maximum) return top;
  return top + static_cast<Real>(contract.shift_above) / scores.nats_per_unit * (1 - 0x1p-9L);
}

std::vector<Real> centre_of(Emulation& e) {
  std::vector<Real> centre;
  if (!e.contract.centred_values || e.row.sink) return centre;
  const Unit& unit = e.numerators.unit();
  for (std::size_t c = 0; c < e.v_dim(); ++c) {
    Real sum = 0;
    for (const KeyInput& key : e.row.keys) {
      sum =
          e.arithmetic.add(unit, sum, static_cast<Real>(key.v[c]) / static_cast<Real>(e.row.keys.size()), 0);
    }
    centre.push_back(sum);
  }
  return centre;
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
