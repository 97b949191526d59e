// Dual numbers over any base: a value and its derivative along one direction.
//
// The output of attention does not depend on the running max m, so the derivative of m may be anything: `max`
// gives it one from the outside, chosen at random, and the result's derivative must not show it.
#pragma once

#include <functional>

#include "semantics/concept.hpp"

namespace attest::semantics {

template <class A>
concept DualBase = Semantics<A> && requires(const A& k, const typename A::Acc& x) {
  { k.zero() } -> std::same_as<typename A::Acc>;
  { k.negate(x) } -> std::same_as<typename A::Acc>;
};

template <DualBase Base>
struct Dual {
  using Real = typename Base::Acc;
  struct Score {
    typename Base::Score value;
    Real slope;  ///< derivative of the score itself (of ln w, where a score is its exponential w)
  };
  struct Acc {
    Real value;
    Real slope;
  };

  Base base;
  std::function<Real()> shift_slope;  ///< the derivative of the next maximum

  Score max(const Score& s, const Score& t) const { return {base.max(s.value, t.value), shift_slope()}; }
  Score sub(const Score& s, const Score& t) const {
    return {base.sub(s.value, t.value), base.add(s.slope, base.negate(t.slope))};
  }
  Acc exp(const Score& s) const {
    const Real weight = base.exp(s.value);
    return {weight, base.mul(weight, s.slope)};
  }
  Acc probability(const Acc& x) const { return {base.probability(x.value), x.slope}; }
  Acc one() const { return {base.one(), base.zero()}; }
  Acc add(const Acc& x, const Acc& y) const {
    return {base.add(x.value, y.value), base.add(x.slope, y.slope)};
  }
  Acc mul(const Acc& x, const Acc& y) const {
    return {base.mul(x.value, y.value), base.add(base.mul(x.slope, y.value), base.mul(x.value, y.slope))};
  }
  /// (x / y)' = (x' - (x / y) y') / y.
  Acc div(const Acc& x, const Acc& y) const {
    const Real quotient = base.div(x.value, y.value);
    const Real slope = base.add(x.slope, base.negate(base.mul(quotient, y.slope)));
    return {quotient, base.div(slope, y.value)};
  }
};

}  // namespace attest::semantics
