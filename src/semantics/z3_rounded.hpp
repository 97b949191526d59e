// Symbolic reals with an abstract rounding: what holds here holds in every binary format, rounding to
// nearest.
//
// Each operation rounds its exact result by a function of which only this is known: it is monotone and odd,
// and fixes 0, 1, every number that is already rounded, and the declared constants. Scores and accumulators
// round by functions of their own, as their formats may differ. The axioms are instantiated for the terms
// that occur: a theorem must assume axioms(), asked for once all its terms exist. exp is any function with x
// <= 0 giving 0 <= exp(x) <= 1 and exp(0) = 1, whose results are rounded numbers.
//
// Trust base: monotonicity, oddness and fixed points, checked exhaustively on small formats (tests). There
// are no infinities and no NaN: a theorem speaks of runs that do not overflow.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <z3++.h>

namespace attest::semantics {

/// An unknown rounding and everything that it was applied to. Each result is a fresh constant, named name!n:
/// with the axioms on all pairs of points an uninterpreted function would say no more, and nonlinear solvers
/// are slower with it.
class AbstractRounding {
 public:
  AbstractRounding(z3::context& context, std::string name);

  /// The rounding of x; x itself where it is a fixed point.
  z3::expr operator()(const z3::expr& x);
  /// Declares that x is a number of the format: it rounds to itself.
  void fix(const z3::expr& x) { know(x, x); }
  /// Declares that `argument` rounds to `result`, a number of the format: a fact about a format's constants.
  void know(const z3::expr& argument, const z3::expr& result);

  /// What was rounded or declared so far, in order: argument and result.
  const std::vector<std::pair<z3::expr, z3::expr>>& points() const { return points_; }
  /// Appends the axioms on all pairs of points to `axioms`.
  void append_axioms(z3::expr_vector& axioms) const;

 private:
  std::string name_;
  std::vector<std::pair<z3::expr, z3::expr>> points_;
};

class Z3Rounded {
 public:
  struct Score {
    z3::expr term;
  };
  struct Acc {
    z3::expr term;
  };

  /// With `narrow_probability`, probability() rounds by a second function, to a format contained in the
  /// first.
  explicit Z3Rounded(z3::context& context, bool narrow_probability = false);

  /// Fresh numbers of the format.
  Score score(const std::string& name) const;
  Acc value(const std::string& name) const;
  /// A number of the format.
  Acc constant(int value) const;

  Score max(const Score& s, const Score& t) const { return {z3::ite(s.term < t.term, t.term, s.term)}; }
  Score sub(const Score& s, const Score& t) const { return {score_rounding_(s.term - t.term)}; }
  Acc exp(const Score& s) const;
  Acc probability(const Acc& x) const;
  Acc one() const { return constant(1); }
  Acc add(const Acc& x, const Acc& y) const { return {rounding_(x.term + y.term)}; }
  Acc mul(const Acc& x, const Acc& y) const { return {rounding_(x.term * y.term)}; }
  Acc div(const Acc& x, const Acc& y) const;

  /// What a theorem must assume, for all terms so far.
  z3::expr_vector axioms() const;
  /// Every divisor so far. A theorem must show them nonzero.
  const z3::expr_vector& divisors() const { return divisors_; }
  AbstractRounding& score_rounding() const { return score_rounding_; }
  AbstractRounding& rounding() const { return rounding_; }
  AbstractRounding& probability_rounding() const { return probability_rounding_; }
  z3::context& context() const { return context_; }

 private:
  z3::context& context_;
  bool narrow_probability_;
  z3::func_decl exp_;
  mutable AbstractRounding score_rounding_, rounding_, probability_rounding_;
  mutable z3::expr_vector exp_axioms_, divisors_;
};

}  // namespace attest::semantics
