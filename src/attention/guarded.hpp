// The recurrence with a sentinel: masked keys have a score of weight zero (-inf), and a tile may hold nothing
// else.
//
// recurrence.hpp has no empty state. Real kernels start from m = -inf, l = 0, o = 0, and a fully masked tile
// leaves m there: (-inf) - (-inf) is NaN. The guard shifts by 0 instead of m while m is -inf.
#pragma once

#include "attention/online.hpp"

namespace attest::attention {

/// The state of no keys: masked max, denominator and numerator zero.
template <semantics::Guards A>
State<A> empty_state(const A& k, std::size_t v_dim) {
  return {k.masked(), k.zero(), std::vector<typename A::Acc>(v_dim, k.zero())};
}

/// What to subtract from scores whose max is m: m, or 0 while every key was masked.
template <semantics::Guards A>
typename A::Score guarded_shift(const A& k, const typename A::Score& m) {
  return k.select(k.empty(m), k.origin(), m);
}

/// absorb, where masked keys have score k.masked() and any number of keys, all included, may be masked.
/// Values of masked keys must be finite: their weight is zero, and zero times NaN is NaN.
template <semantics::Guards A, class Storage, class Scores, class Values>
void guarded_absorb(const A& k, State<A, Storage>& state, const Scores& scores, const Values& values) {
  auto m = state.m;
  for (std::size_t j = 0; j < scores.size(); ++j) m = k.max(m, scores[j]);
  const auto shift = guarded_shift(k, m);
  rescale(k, state, k.exp(k.sub(state.m, shift)));
  accumulate(k, state, shift, scores, values);
  state.m = m;
}

/// merge_into, where either state may be empty.
template <semantics::Guards A, class Storage, class Other>
void guarded_merge_into(const A& k, State<A, Storage>& into, const State<A, Other>& from) {
  const auto m = k.max(into.m, from.m);
  const auto shift = guarded_shift(k, m);
  const auto rescale_into = k.exp(k.sub(into.m, shift));
  const auto rescale_from = k.exp(k.sub(from.m, shift));
  into.m = m;
  into.l = k.add(k.mul(into.l, rescale_into), k.mul(from.l, rescale_from));
  for (std::size_t c = 0; c < into.o.size(); ++c) {
    into.o[c] = k.add(k.mul(into.o[c], rescale_into), k.mul(from.o[c], rescale_from));
  }
}

/// The output row; zeros for a row without visible keys.
template <semantics::Guards A, class Storage>
std::vector<typename A::Acc> guarded_finalize(const A& k, const State<A, Storage>& state) {
  const auto nothing = k.empty(state.m);
  const auto denominator = k.select(nothing, k.one(), state.l);
  std::vector<typename A::Acc> output(state.o.begin(), state.o.end());
  for (auto& component : output) {
    component = k.select(nothing, k.zero(), k.div(component, denominator));
  }
  return output;
}

}  // namespace attest::attention
