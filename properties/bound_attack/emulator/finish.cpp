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

struct Part {
  RowOutput result;
  Real pull = 0;
};

void store_partial(Emulation& e, Part& part) {
  if (!e.contract.partial) return;
  const Unit unit = unit_of(e.contract.partial);
  for (Real& x : part.result.out) x = e.arithmetic.store(unit, x, e.aim.numerator);
  if (e.strategy.partial_lse) part.result.lse = e.arithmetic.store(unit, part.result.lse, sign_of(part.pull));
}

// Each split hands over its own quotient and lse.
std::vector<Part> finished_parts(Emulation& e, const std::vector<State>& states, bool natural) {
  std::vector<Part> parts;
  for (const State& state : states) {
    if (state.empty) continue;
    Part part;
    for (const Real x : state.numerator) part.result.out.push_back(e.quotient(x, state.l));
    part.result.lse = lse_of(e, e.shift_of(state.m, natural), state.l, natural);
    part.pull = state.pull;
    store_partial(e, part);
    parts.push_back(std::move(part));
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

// A part without values: a sink that the shift does not cover.
Part sink_part(Emulation& e, bool natural) {
  const std::size_t sink = e.row.keys.size();
  Part part;
  part.result.lse = e.shift_of(e.scores.x[sink], natural);
  part.pull = e.aim.pull[sink];
  return part;
}

Part merged_parts(Emulation& e, const std::vector<Part>& parts, bool natural) {
  const Unit& unit = e.numerators.unit();
  // A sink is no split: it is not among those that the shift is taken from.
  Real largest = -HUGE_VALL;
  for (const Part& part : parts) {
    if (!part.result.out.empty()) largest = std::max(largest, part.result.lse);
  }
  Real l = 0;
  std::vector<Real> weights;
  for (const Part& part : parts) {
    weights.push_back(split_weight(e, part.result.lse, largest, part.pull, natural));
    l = e.arithmetic.add(e.denominators.unit(), l, weights.back(), e.aim.denominator);
  }
  const Real total = lse_of(e, largest, l, natural);
  Part whole;
  whole.result.lse = total;
  whole.result.out.assign(e.v_dim(), 0);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    whole.pull += parts[i].pull;
    const RowOutput& part = parts[i].result;
    // Towards the target now means more or less of everything, as no division follows.
    const Real pull = static_cast<Real>(e.aim.numerator * e.aim.value_push.front());
    const Real weight =
        e.strategy.normalised_weights ? split_weight(e, part.lse, total, pull, natural) : weights[i];
    for (std::size_t c = 0; c < part.out.size(); ++c) {
      const Real x = e.arithmetic.mul(unit, part.out[c], weight, e.aim.numerator);
      whole.result.out[c] = e.arithmetic.add(unit, whole.result.out[c], x, e.aim.numerator);
    }
  }
  if (!e.strategy.normalised_weights) {
    for (Real& x : whole.result.out) x = e.quotient(x, l);
  }
  return whole;
}

}  // namespace

RowOutput merge_normalised(Emulation& e, const std::vector<State>& states, bool late_sink) {
  const bool natural = forms_natural_lse(e);
  std::vector<Part> parts = finished_parts(e, states, natural);
  if (late_sink) parts.push_back(sink_part(e, natural));
  Part whole = parts.front();
  if (e.contract.merge == oracle::Merge::chain) {
    for (std::size_t i = 1; i < parts.size(); ++i) {
      if (i > 1) store_partial(e, whole);
      whole = merged_parts(e, {whole, parts[i]}, natural);
    }
  } else {
    whole = merged_parts(e, parts, natural);
  }
  whole.result.lse = in_nats(e, whole.result.lse, natural);
  return whole.result;
}

RowOutput unfused_row(Emulation& e) {
  const std::size_t n = e.row.keys.size();
  const std::size_t covered = e.contract.sink_in_max ? e.scores.x.size() : n;
  const Real m = e.shift_for(
      *std::max_element(e.scores.x.begin(), e.scores.x.begin() + static_cast<std::ptrdiff_t>(covered)));
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
      p[j] = e.arithmetic.mul(softmax, weights[j], e.reciprocal(softmax, l, push), push);
    } else {
      p[j] = e.arithmetic.div(softmax, weights[j], l, push);
    }
    if (e.contract.probability) {
      p[j] = e.probability(p[j], push);
    }
  }
  RowOutput output;
  std::vector<Real> values(n);
  for (std::size_t c = 0; c < e.v_dim(); ++c) {
    for (std::size_t j = 0; j < n; ++j) values[j] = e.value(j, c);
    output.out.push_back(e.numerators.inner(e.arithmetic, 0, p, values, e.aim.numerator));
  }
  const bool natural = forms_natural_lse(e);
  output.lse = in_nats(e, lse_of(e, e.shift_of(m, natural), l, natural), natural);
  return output;
}

}  // namespace attest::attack
