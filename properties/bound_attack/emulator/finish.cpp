// What follows the tiles: merging splits, the division, lse; and the unfused form.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "bound_attack/emulator/emulation.hpp"

namespace attest::attack {
namespace {

void store_partial(Emulation& e, State& state) {
  if (!e.contract.partial) return;
  const Unit unit = unit_of(e.contract.partial);
  state.l = e.arithmetic.store(unit, state.l, e.aim.denominator);
  for (Real& x : state.numerator) x = e.arithmetic.store(unit, x, e.aim.numerator);
}

State merged(Emulation& e, const std::vector<State>& states) {
  State whole;
  whole.m = states.front().m;
  for (const State& state : states) whole.m = std::max(whole.m, state.m);
  whole.numerator.assign(e.v_dim(), 0);
  whole.empty = false;
  for (const State& state : states) {
    const Real factor = e.rescale_factor(state.m, whole.m, state.pull);
    const auto scaled = [&](const Unit& unit, Real x, int push) {
      return factor == 1 ? x : e.arithmetic.mul(unit, x, factor, push);
    };
    const Real l = scaled(e.denominators.unit(), state.l, e.aim.denominator);
    whole.l = e.arithmetic.add(e.denominators.unit(), whole.l, l, e.aim.denominator);
    for (std::size_t c = 0; c < e.v_dim(); ++c) {
      const Unit& unit = e.numerators.unit();
      const Real x = scaled(unit, state.numerator[c], e.aim.numerator);
      whole.numerator[c] = e.arithmetic.add(unit, whole.numerator[c], x, e.aim.numerator);
    }
    whole.pull += state.pull;
  }
  return whole;
}

Real lse_of(Emulation& e, Real shift, Real l, bool natural) {
  return e.arithmetic.add(e.score_unit, shift, e.logarithm(l, natural), e.aim.logarithm);
}

bool forms_natural_lse(const Emulation& e) { return !e.scores.base_two || e.strategy.natural_lse; }

Real in_nats(Emulation& e, Real lse, bool natural) {
  if (natural) return lse;
  const Real ln2 = e.arithmetic.store(e.score_unit, std::numbers::ln2_v<Real>, 0);
  return e.arithmetic.mul(e.score_unit, lse, ln2, e.aim.logarithm);
}

}  // namespace

State merge_states(Emulation& e, std::vector<State> states) {
  std::erase_if(states, [](const State& state) { return state.empty; });
  if (states.size() == 1) return states.front();
  for (State& state : states) store_partial(e, state);
  if (!e.strategy.merge_one_by_one) return merged(e, states);
  State whole = states.front();
  for (std::size_t i = 1; i < states.size(); ++i) whole = merged(e, {whole, states[i]});
  return whole;
}

RowOutput finish(Emulation& e, const State& state) {
  RowOutput output;
  for (const Real x : state.numerator) output.out.push_back(e.quotient(x, state.l));
  const bool natural = forms_natural_lse(e);
  output.lse = in_nats(e, lse_of(e, e.shift_of(state.m, natural), state.l, natural), natural);
  return output;
}

namespace {

struct Parts {
  std::vector<RowOutput> of_split;
  std::vector<Real> pull;
  Real largest_lse = -HUGE_VALL;
};

// Each split hands over its own quotient and lse.
Parts finished_parts(Emulation& e, const std::vector<State>& states, bool natural) {
  Parts parts;
  for (const State& state : states) {
    if (state.empty) continue;
    RowOutput part;
    for (const Real x : state.numerator) part.out.push_back(e.quotient(x, state.l));
    part.lse = lse_of(e, e.shift_of(state.m, natural), state.l, natural);
    if (e.contract.partial) {
      const Unit unit = unit_of(e.contract.partial);
      for (Real& x : part.out) x = e.arithmetic.store(unit, x, e.aim.numerator);
      if (e.strategy.partial_lse) part.lse = e.arithmetic.store(unit, part.lse, sign_of(state.pull));
    }
    parts.largest_lse = std::max(parts.largest_lse, part.lse);
    parts.of_split.push_back(std::move(part));
    parts.pull.push_back(state.pull);
  }
  return parts;
}

Real split_weight(Emulation& e, Real lse, Real shift, Real pull, bool natural) {
  const int push = sign_of(pull);
  const Real exponent = e.arithmetic.add(e.score_unit, lse, -shift, push);
  const Real exact = natural ? std::exp(exponent) : std::exp2(exponent);
  return e.arithmetic.exponential(e.score_unit, exact, e.contract.exp.relative, e.contract.exp.absolute,
                                  push);
}

}  // namespace

RowOutput merge_normalised(Emulation& e, const std::vector<State>& states) {
  const bool natural = forms_natural_lse(e);
  const Parts parts = finished_parts(e, states, natural);
  const Unit& unit = e.numerators.unit();
  Real l = 0;
  std::vector<Real> weights;
  for (std::size_t i = 0; i < parts.pull.size(); ++i) {
    const Real lse = parts.of_split[i].lse;
    weights.push_back(split_weight(e, lse, parts.largest_lse, parts.pull[i], natural));
    l = e.arithmetic.add(e.denominators.unit(), l, weights.back(), e.aim.denominator);
  }
  const Real total = lse_of(e, parts.largest_lse, l, natural);
  std::vector<Real> numerator(e.v_dim(), 0);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const RowOutput& part = parts.of_split[i];
    // Towards the target now means more or less of everything, as no division follows.
    const Real pull = static_cast<Real>(e.aim.numerator * e.aim.value_push.front());
    const Real weight =
        e.strategy.normalised_weights ? split_weight(e, part.lse, total, pull, natural) : weights[i];
    for (std::size_t c = 0; c < numerator.size(); ++c) {
      const Real x = e.arithmetic.mul(unit, part.out[c], weight, e.aim.numerator);
      numerator[c] = e.arithmetic.add(unit, numerator[c], x, e.aim.numerator);
    }
  }
  RowOutput output{std::move(numerator), in_nats(e, total, natural)};
  if (!e.strategy.normalised_weights) {
    for (Real& x : output.out) x = e.quotient(x, l);
  }
  return output;
}

RowOutput unfused_row(Emulation& e) {
  const std::size_t n = e.row.keys.size();
  const std::size_t covered = e.contract.sink_in_max ? e.scores.x.size() : n;
  const Real m =
      *std::max_element(e.scores.x.begin(), e.scores.x.begin() + static_cast<std::ptrdiff_t>(covered));
  const Unit& unit = e.numerators.unit();
  const Unit& softmax = e.denominators.unit();  // P is formed before the product with V begins
  Real shift = m;
  if (e.scores.rounded_shift) shift = e.arithmetic.mul(e.score_unit, m, e.scores.factor, 0);
  std::vector<Real> weights;
  for (std::size_t j = 0; j < e.scores.x.size(); ++j) {
    const int push = e.aim.key(j);
    weights.push_back(e.exponential(e.exponent(e.scores.x[j], shift, push), push));
  }
  const Real l = e.denominators.sum(e.arithmetic, 0, weights, e.aim.denominator);
  std::vector<Real> p(n);
  for (std::size_t j = 0; j < n; ++j) {
    const int push = e.aim.value_push[j];
    if (e.contract.reciprocal) {
      p[j] = e.arithmetic.mul(softmax, weights[j], e.arithmetic.div(softmax, 1, l, push), push);
    } else {
      p[j] = e.arithmetic.div(softmax, weights[j], l, push);
    }
    if (e.contract.probability) {
      p[j] = e.arithmetic.store(unit_of(e.contract.probability), p[j], push);
    }
  }
  RowOutput output;
  std::vector<Real> values(n);
  for (std::size_t c = 0; c < e.v_dim(); ++c) {
    for (std::size_t j = 0; j < n; ++j) values[j] = e.arithmetic.input(unit.format, e.row.keys[j].v[c]);
    output.out.push_back(e.numerators.inner(e.arithmetic, 0, p, values, e.aim.numerator));
  }
  const bool natural = forms_natural_lse(e);
  output.lse = in_nats(e, lse_of(e, e.shift_of(m, natural), l, natural), natural);
  return output;
}

}  // namespace attest::attack
