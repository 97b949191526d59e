// The emulated kernel's scores: q.k, scale, softcap, bias, ALiBi, each operation rounded.
#pragma once

#include <vector>

#include "bound_attack/emulator/aim.hpp"
#include "bound_attack/emulator/sums.hpp"

namespace attest::attack {

/// Scores as the running maximum sees them. Exponents are factor * (x - shift), in nats or in bits.
struct Scores {
  std::vector<Real> x;  ///< each visible key, then the sink where there is one
  bool base_two = false;
  bool rounded_shift = false;  ///< exponents are x * factor - fl(shift * factor), else x - shift
  Real factor = 1;
  Real nats_per_unit = 1;   ///< exact worth of one unit of x, for thresholds
  Real natural_factor = 1;  ///< a rounded constant: times a maximum gives nats, for lse
  Real moved = 0;           ///< what ALiBi by position adds to every score, in nats: lse must lose it again
};

Scores score_row(const oracle::Contract& contract, const RowInput& row, const Strategy& strategy,
                 const Aim& aim, RoundedArithmetic& arithmetic);

}  // namespace attest::attack
