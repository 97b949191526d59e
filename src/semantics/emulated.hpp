// Narrow formats, emulated in double: every operation is computed in double and rounded once more, to nearest
// even.
//
// Double rounding is innocuous for +, -, *, / and the square root in formats of at most 25 bits (Figueroa
// 1995: 53 >= 2 * 25 + 2), so each operation is the correctly rounded one, subnormals and overflow included.
#pragma once

#include <cassert>
#include <cmath>

#include "numerics/format.hpp"
#include "semantics/condition.hpp"
#include "semantics/native.hpp"

namespace attest::semantics {

/// IEEE-style 8-bit formats, with infinities and subnormals: small enough to try every pair of numbers. (The
/// OCP format E4M3 differs: it gives up the infinities for one more binade.)
inline constexpr Format kFloat1e4m3{4, -6, 7};
inline constexpr Format kFloat1e5m2{3, -14, 15};

/// Scores and accumulators hold values of their formats as doubles. Exp maps double to double; its result is
/// rounded like any other.
template <class Exp = LibmExp>
class Emulated {
 public:
  using Score = double;
  using Acc = double;
  using Condition = attest::semantics::Condition;

  explicit Emulated(const Format& format, Exp exponential = {})
      : Emulated(format, format, format, exponential) {}
  /// `probability` is the format of P when it meets a value. Precondition: at most 25 bits of precision each.
  Emulated(const Format& score, const Format& accumulator, const Format& probability, Exp exponential = {})
      : score_(score), accumulator_(accumulator), probability_(probability), exponential_(exponential) {
    assert(score.precision <= 25 && accumulator.precision <= 25 && probability.precision <= 25);
  }

  const Format& accumulator() const { return accumulator_; }

  double max(double s, double t) const { return s < t ? t : s; }
  double sub(double s, double t) const { return round_to(score_, s - t); }
  double exp(double s) const { return round_to(accumulator_, exponential_(s)); }
  double probability(double x) const { return round_to(probability_, x); }
  double one() const { return 1; }
  double add(double x, double y) const { return round_to(accumulator_, x + y); }
  double mul(double x, double y) const { return round_to(accumulator_, x * y); }
  double div(double x, double y) const { return round_to(accumulator_, x / y); }

  double masked() const { return -HUGE_VAL; }
  double origin() const { return 0; }
  double zero() const { return 0; }
  Condition empty(double m) const { return {m == masked()}; }
  double select(Condition c, double x, double y) const { return c.holds ? x : y; }
  Condition exceeds(double s, double t, double tau) const { return {s > round_to(score_, t + tau)}; }
  double lse(double m, double l) const { return round_to(score_, m + round_to(score_, std::log(l))); }
  double number(double constant) const { return round_to(accumulator_, constant); }
  double sqrt(double x) const { return round_to(accumulator_, std::sqrt(x)); }
  double score(double x) const { return round_to(score_, x); }

 private:
  Format score_{}, accumulator_{}, probability_{};
  [[no_unique_address]] Exp exponential_;
};

}  // namespace attest::semantics
