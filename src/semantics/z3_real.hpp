// Symbolic real numbers, in the exponential domain: a run of the recurrence builds terms for Z3.
//
// A score is its weight w = e^s > 0 (as in rational.hpp), so the terms are rational functions and need no
// axiom of the exponential. Scores and accumulators wrap their terms: z3::expr itself has an operator bool,
// with which `if (a < b)` would compile and silently build the term of another program.
//
// In Z3 x / 0 is any value. Every divisor is recorded, so that a theorem can show that none is zero.
#pragma once

#include <string>

#include <z3++.h>

namespace attest::semantics {

class Z3Real {
 public:
  struct Score {
    z3::expr weight;  ///< e^s
  };
  struct Acc {
    z3::expr term;
  };
  struct Condition {
    z3::expr term;
  };

  explicit Z3Real(z3::context& context) : context_(context), hypotheses_(context), divisors_(context) {}

  /// A fresh score; its weight is positive by hypothesis.
  Score score(const std::string& name) const;
  /// A fresh accumulator or value component, any real.
  Acc value(const std::string& name) const;
  Acc constant(int numerator, int denominator = 1) const;

  Score max(const Score& s, const Score& t) const {
    return {z3::ite(s.weight < t.weight, t.weight, s.weight)};
  }
  Score sub(const Score& s, const Score& t) const { return {quotient(s.weight, t.weight)}; }
  Acc exp(const Score& s) const { return {s.weight}; }
  Acc probability(const Acc& x) const { return x; }
  Acc one() const { return constant(1); }
  Acc add(const Acc& x, const Acc& y) const { return {x.term + y.term}; }
  Acc mul(const Acc& x, const Acc& y) const { return {x.term * y.term}; }
  Acc div(const Acc& x, const Acc& y) const { return {quotient(x.term, y.term)}; }

  Score masked() const { return {context_.real_val(0)}; }
  Score origin() const { return {context_.real_val(1)}; }
  Acc zero() const { return constant(0); }
  Condition empty(const Score& m) const { return {m.weight == 0}; }
  Score select(const Condition& c, const Score& s, const Score& t) const {
    return {z3::ite(c.term, s.weight, t.weight)};
  }
  Acc select(const Condition& c, const Acc& x, const Acc& y) const {
    return {z3::ite(c.term, x.term, y.term)};
  }
  Condition exceeds(const Score& s, const Score& t, const Score& tau) const {
    return {s.weight > t.weight * tau.weight};
  }
  Score lse(const Score& m, const Acc& l) const { return {m.weight * l.term}; }
  Acc negate(const Acc& x) const { return {-x.term}; }

  z3::context& context() const { return context_; }
  /// What `score` assumed: one w > 0 for each fresh score.
  const z3::expr_vector& hypotheses() const { return hypotheses_; }
  /// Every divisor so far, in order, repetitions included. A theorem must show them nonzero.
  const z3::expr_vector& divisors() const { return divisors_; }

 private:
  z3::expr quotient(const z3::expr& x, const z3::expr& y) const;

  z3::context& context_;
  mutable z3::expr_vector hypotheses_;
  mutable z3::expr_vector divisors_;
};

}  // namespace attest::semantics
