// Worlds with a fault in them. Each is compiled in a file of its own.
#pragma once

#include <memory>

#include "plant.hpp"

namespace attest::properties {

std::unique_ptr<forms::FormWorld> rational_world_with(semantics::ArithmeticFault fault);
std::unique_ptr<forms::FormWorld> rational_world_with(Slip slip);
std::unique_ptr<forms::FormWorld> f32_world_with(semantics::ArithmeticFault fault);
std::unique_ptr<forms::FormWorld> f32_world_with(Slip slip);

/// One fault of arithmetic in each semantics of floats but f32: f64, f16, bf16, P in f16, P in bf16, MPFR.
std::vector<std::unique_ptr<forms::FormWorld>> float_worlds_with(semantics::ArithmeticFault fault);
/// One slip in each semantics in which faulty.hpp does not run: finite fields, dual numbers, intervals,
/// double-double.
std::vector<std::unique_ptr<forms::FormWorld>> other_worlds_with(Slip slip);

/// Finite fields and dual numbers whose fourth exponential is 1, the factor of a first rescale.
std::unique_ptr<forms::FormWorld> modular_world_without_a_rescale();
std::unique_ptr<forms::FormWorld> dual_world_without_a_rescale();

/// Faults of the dense forms, whose arithmetic is Eigen's and not a semantics'.
enum class DenseFault : std::uint8_t {
  none,
  sees_next_key,          ///< causal, one key too far
  misses_own_key,         ///< causal, one key too few
  aligned_top_left,       ///< the first query is aligned with the first key
  no_shift,               ///< exp(s) without subtracting the largest score
  no_scale,               ///< Q K^T as it is
  masked_score_zero,      ///< masked scores are 0 instead of -inf
  masked_after_softmax,   ///< the softmax counts masked keys, whose probabilities are then set to 0
  normalised_by_columns,  ///< weights are divided by the sum of their column
};
std::unique_ptr<forms::FormWorld> f32_world_with(DenseFault fault);

/// The world W with something planted in it.
template <class W>
std::unique_ptr<forms::FormWorld> planted(semantics::ArithmeticFault fault) {
  return std::make_unique<forms::WorldOf<W, PlantedArithmetic>>(PlantedArithmetic{fault});
}
template <class W>
std::unique_ptr<forms::FormWorld> planted(Slip slip) {
  return std::make_unique<forms::WorldOf<W, PlantedSlip>>(PlantedSlip{slip});
}

}  // namespace attest::properties
