// Sums and inner products in the orders that an accumulator's contract allows.
#pragma once

#include <span>

#include "bound_attack/emulator/rounded_arithmetic.hpp"

namespace attest::attack {

class Summer {
 public:
  Summer(const oracle::Sum& sum, const Strategy& strategy)
      : sum_(sum), strategy_(strategy), unit_{sum.format, sum.rounding} {}

  const Unit& unit() const { return unit_; }
  /// initial + sum of terms.
  Real sum(RoundedArithmetic& arithmetic, Real initial, std::span<const Real> terms, int push) const;
  /// initial + sum of a[i] * b[i]; a and b have one length.
  Real inner(RoundedArithmetic& arithmetic, Real initial, std::span<const Real> a, std::span<const Real> b,
             int push) const;

 private:
  bool whole_tiles() const;
  Real blocks(RoundedArithmetic& arithmetic, Real initial, std::span<const Real> terms, bool products,
              int push) const;
  Real tree(RoundedArithmetic& arithmetic, std::span<const Real> terms, int push) const;

  const oracle::Sum& sum_;
  const Strategy& strategy_;
  Unit unit_;
};

}  // namespace attest::attack
