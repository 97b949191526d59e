// Exact rationals, in the exponential domain.
//
// A score is its weight w = e^s > 0, so subtracting scores divides weights and exp is the identity: the
// recurrence runs exactly, for arbitrary positive weights. A masked key's weight is 0.
#pragma once

#include <boost/multiprecision/gmp.hpp>

#include "semantics/condition.hpp"

namespace attest::semantics {

struct Rational {
  using Number =
      boost::multiprecision::number<boost::multiprecision::gmp_rational, boost::multiprecision::et_off>;
  struct Score {
    Number weight;  ///< e^s
  };
  using Acc = Number;
  using Condition = attest::semantics::Condition;

  Score max(const Score& s, const Score& t) const { return s.weight < t.weight ? t : s; }
  /// Throws std::overflow_error if t has weight 0.
  Score sub(const Score& s, const Score& t) const { return {s.weight / t.weight}; }
  Acc exp(const Score& s) const { return s.weight; }
  Acc probability(const Acc& x) const { return x; }
  Acc one() const { return 1; }
  Acc add(const Acc& x, const Acc& y) const { return x + y; }
  Acc mul(const Acc& x, const Acc& y) const { return x * y; }
  /// Throws std::overflow_error if y is 0.
  Acc div(const Acc& x, const Acc& y) const { return x / y; }

  Score masked() const { return {0}; }
  Score origin() const { return {1}; }
  Acc zero() const { return 0; }
  Condition empty(const Score& m) const { return {m.weight == 0}; }
  Score select(Condition c, const Score& s, const Score& t) const { return c.holds ? s : t; }
  Acc select(Condition c, const Acc& x, const Acc& y) const { return c.holds ? x : y; }
  /// tau is a weight as well: e^tau.
  Condition exceeds(const Score& s, const Score& t, const Score& tau) const {
    return {s.weight > t.weight * tau.weight};
  }
  Score lse(const Score& m, const Acc& l) const { return {m.weight * l}; }
  Acc negate(const Acc& x) const { return -x; }
};

}  // namespace attest::semantics
