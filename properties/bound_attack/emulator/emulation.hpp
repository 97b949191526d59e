// Everything the stages of one emulated row share, and the state that tiles and splits are folded into.
#pragma once

#include <optional>
#include <vector>

#include "bound_attack/emulator/aim.hpp"
#include "bound_attack/emulator/scores.hpp"
#include "bound_attack/emulator/sums.hpp"

namespace attest::attack {

/// Faults that no contract describes; each leaves the kernel right on most inputs.
enum class Fault : std::uint8_t {
  none,
  one_numerator_rescale_missing,    ///< the second tile that raises the maximum rescales only l
  one_denominator_rescale_missing,  ///< likewise, only the numerator
  exponential_of_rescale_in_bf16,   ///< rescale factors pass through bf16
  log2e_of_four_digits,             ///< exp(x) is 2^(1.443 x)
  late_sink_after_one_tile,         ///< a sink that the shift does not cover is added before the other tiles
};

/// Computed sums relative to the shift m. Elements are visible keys 0..n-1, then the sink.
struct State {
  bool empty = true;
  Real m = 0;  ///< in the units of Scores::x
  Real l = 0;
  std::vector<Real> numerator;  ///< [v_dim]
  Real pull = 0;                ///< of the elements within
  int raises = 0;               ///< of the maximum, so far
};

struct Emulation {
  const oracle::Contract& contract;
  const RowInput& row;
  const Strategy& strategy;
  Fault fault = Fault::none;
  Aim aim;
  RoundedArithmetic& arithmetic;
  Scores scores;
  Summer numerators, denominators;
  Unit score_unit;
  std::vector<Real> centre;  ///< [v_dim] of the values, where they are centred

  std::size_t v_dim() const { return row.keys.front().v.size(); }
  /// exp of an exponent in the units of the scores, within the declared error.
  Real exponential(Real exponent, int push);
  /// The exponent of element j under a shift.
  Real exponent(Real x, Real shift, int push);
  /// exp(from - to): exactly 1 where they are equal.
  Real rescale_factor(Real from, Real to, Real pull);
  /// A shift as lse sees it, in nats or (base two) in bits.
  Real shift_of(Real m, bool natural);
  Real quotient(Real numerator, Real denominator);
  /// 1 / x, within the declared error.
  Real reciprocal(const Unit& unit, Real x, int push);
  /// Channel c of the value of key j as the numerator reads it.
  Real value(std::size_t j, std::size_t c);
  /// P, from a weight, as the numerator reads it.
  Real probability(Real weight, int push);
  /// A whole output: the centre of the values is added again.
  void restore(std::vector<Real>& out);
  /// A shift that takes its scores' maximum from above, in the units of Scores::x.
  Real shift_for(Real top) const;
  Real norms() const;
  /// log of a denominator; base two where not natural.
  Real logarithm(Real x, bool natural);
};

/// Order of the elements, cut into splits and tiles. Tiles without a visible key are left out.
std::vector<std::vector<std::vector<std::size_t>>> tiles_by_split(Emulation& e);

State fold_tiles(Emulation& e, const std::vector<std::vector<std::size_t>>& tiles);
/// A sink that the shift does not cover, added to a finished state.
void add_sink(Emulation& e, State& state);
State merge_states(Emulation& e, std::vector<State> states);

struct RowOutput {
  std::vector<Real> out;  ///< [v_dim], before the last store
  Real lse = 0;
};

RowOutput finish(Emulation& e, const State& state);
/// A sink that the shift does not cover is the last to be added.
RowOutput merge_normalised(Emulation& e, const std::vector<State>& states, bool late_sink);
/// The means that are subtracted from the values of a row.
std::vector<Real> centre_of(Emulation& e);
RowOutput unfused_row(Emulation& e);

}  // namespace attest::attack
