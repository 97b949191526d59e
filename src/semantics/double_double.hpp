// Unevaluated sums of two doubles: about 104 bits at the machine's speed.
//
// Relative errors, u = 2^-53, without overflow and underflow (Joldes, Muller, Popescu 2017, algorithms 6, 10,
// 17): add 3 u^2 + 13 u^3, mul 7 u^2, div 15 u^2 + 56 u^3. exp: below 2^-98 for |s| <= 650, as measured
// against MPFR by the tests; further down underflow takes the low part, and below -746 the result is 0.
#pragma once

#include <limits>

#include "semantics/condition.hpp"

namespace attest::semantics {

struct DoubleDouble {
  struct Number {
    double high;
    double low;  ///< at most half an ulp of high
  };
  using Score = Number;
  using Acc = Number;
  using Condition = attest::semantics::Condition;

  Number max(const Number& s, const Number& t) const { return below(s, t) ? t : s; }
  Number sub(const Number& s, const Number& t) const { return add(s, negate(t)); }
  Number exp(const Number& s) const;
  Number probability(const Number& x) const { return x; }
  Number one() const { return {1, 0}; }
  Number add(const Number& x, const Number& y) const;
  Number mul(const Number& x, const Number& y) const;
  Number div(const Number& x, const Number& y) const;

  Number masked() const { return {-std::numeric_limits<double>::infinity(), 0}; }
  Number origin() const { return zero(); }
  Number zero() const { return {0, 0}; }
  Condition empty(const Number& m) const { return {m.high == masked().high}; }
  Number select(Condition c, const Number& x, const Number& y) const { return c.holds ? x : y; }
  Number negate(const Number& x) const { return {-x.high, -x.low}; }

 private:
  static bool below(const Number& s, const Number& t) {
    return s.high < t.high || (s.high == t.high && s.low < t.low);
  }
};

}  // namespace attest::semantics
