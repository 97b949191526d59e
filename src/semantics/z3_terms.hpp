// Terms of unknown operations: what is equal here has equal bits in every arithmetic whatsoever.
//
// Each operation is a function of which nothing is known but that equal operands give equal results. So two
// programs with the same term for a result do the same operations on the same operands, in the same order.
#pragma once

#include <string>

#include <z3++.h>

namespace attest::semantics {

class Z3Terms {
 public:
  struct Score {
    z3::expr term;
  };
  struct Acc {
    z3::expr term;
  };
  struct Condition {
    z3::expr term;
  };

  explicit Z3Terms(z3::context& context) : context_(context), sort_(sort_in(context)) {}

  /// The one sort of all numbers.
  static z3::sort sort_in(z3::context& context) { return context.uninterpreted_sort("Number"); }

  Score max(const Score& s, const Score& t) const { return {apply("max", s.term, t.term)}; }
  Score sub(const Score& s, const Score& t) const { return {apply("sub", s.term, t.term)}; }
  Acc exp(const Score& s) const { return {apply("exp", s.term)}; }
  Acc probability(const Acc& x) const { return {apply("probability", x.term)}; }
  Acc one() const { return number(1); }
  Acc add(const Acc& x, const Acc& y) const { return {apply("add", x.term, y.term)}; }
  Acc mul(const Acc& x, const Acc& y) const { return {apply("mul", x.term, y.term)}; }
  Acc div(const Acc& x, const Acc& y) const { return {apply("div", x.term, y.term)}; }

  Score masked() const { return {constant("masked")}; }
  Score origin() const { return {constant("origin")}; }
  Acc zero() const { return number(0); }
  Condition empty(const Score& m) const;
  Score select(const Condition& c, const Score& s, const Score& t) const {
    return {z3::ite(c.term, s.term, t.term)};
  }
  Acc select(const Condition& c, const Acc& x, const Acc& y) const {
    return {z3::ite(c.term, x.term, y.term)};
  }

  /// The constant of that value; what it rounds to is not known.
  Acc number(double constant) const;
  Acc sqrt(const Acc& x) const { return {apply("sqrt", x.term)}; }
  Score score(const Acc& x) const { return {apply("score", x.term)}; }

 private:
  z3::expr constant(const std::string& name) const;
  z3::expr apply(const char* name, const z3::expr& x) const;
  z3::expr apply(const char* name, const z3::expr& x, const z3::expr& y) const;

  z3::context& context_;
  z3::sort sort_;
};

}  // namespace attest::semantics
