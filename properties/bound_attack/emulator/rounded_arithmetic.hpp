// Arithmetic that rounds as a contract allows: correctly, or as badly as the contract allows.
//
// In the steered and jittered styles a result is x (1 + d) with |d| <= u and need not be representable: the
// certified bound uses nothing but |d| <= u, so it must hold for these too, and they reach what real
// roundings reach only for lucky inputs.
#pragma once

#include <cmath>
#include <cstdint>
#include <span>

#include "bound_attack/emulator/random.hpp"
#include "bound_attack/emulator/strategy.hpp"
#include "numerics/format.hpp"
#include "oracle/contract/contract.hpp"

namespace attest::attack {

/// 64 significand bits: room for perturbed values beside binary64's own roundings.
using Real = long double;

/// What one operation rounds to.
struct Unit {
  Format format = kBinary32;
  Rounding rounding = Rounding::nearest_even;
};

/// Where chance decides, it may decide for the worst.
inline Unit unit_of(const oracle::Cast& cast) { return {*cast.format, cast.worst_rounding()}; }

inline int sign_of(Real x) { return x > 0 ? 1 : (x < 0 ? -1 : 0); }

/// `push` is the direction in which the caller wants the result wrong: +1 larger, -1 smaller, 0 either.
class RoundedArithmetic {
 public:
  RoundedArithmetic(const Strategy& strategy, oracle::Underflow underflow)
      : style_(strategy.style),
        function_error_(strategy.function_error),
        function_side_(strategy.function_side),
        underflow_(underflow),
        random_(strategy.seed) {}

  Real add(const Unit& unit, Real a, Real b, int push);
  Real mul(const Unit& unit, Real a, Real b, int push);
  Real div(const Unit& unit, Real a, Real b, int push);
  /// a * b + c, rounded once.
  Real fma(const Unit& unit, Real a, Real b, Real c, int push);
  Real store(const Unit& unit, Real x, int push);
  /// accumulator + sum of terms in one unit: all addends are cut to the grid of the largest, summed exactly,
  /// and the sum is cut again (tensor cores). The largest addend is only cut where it is a product of more
  /// bits.
  Real block_add(const Unit& unit, Real accumulator, std::span<const Real> terms, bool products, int push);
  /// A function's value within |error| <= rel |exact| + abs.
  Real approximate(const Unit& unit, Real exact, double rel, double abs, int push);
  /// Likewise for exponentials: a result below the smallest normal number of `unit` may also be lost.
  Real exponential(const Unit& unit, Real exact, double rel, double abs, int push);
  /// An input as an operation sees it: subnormal numbers are 0 where inputs are flushed, those of the
  /// operation's format and those of the input's own type.
  Real input(const Format& format, const Format& type, double x) const;

  Random& random() { return random_; }

 private:
  template <class Op>
  Real rounded(const Unit& unit, Op op, Real a, Real b, int push, bool exact_if_subnormal,
               Real largest = HUGE_VALL);
  Real natural(const Unit& unit, Real exact) const;
  /// Rounding to nearest errs by no more than `largest`, its distance to a number of the format that is
  /// known; only the jittered style keeps to that.
  Real perturbed(const Unit& unit, Real exact, int push, bool exact_if_subnormal, Real largest = HUGE_VALL);
  Real share(int push);

  Style style_;
  double function_error_;
  int function_side_;
  oracle::Underflow underflow_;
  Random random_;
};

}  // namespace attest::attack
