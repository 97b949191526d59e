// Worlds with a fault in them. Each is compiled in a file of its own.
#pragma once

#include <memory>

#include "plant.hpp"

namespace attest {

std::unique_ptr<FormWorld> rational_world_with(Fault fault);
std::unique_ptr<FormWorld> rational_world_with(Slip slip);
std::unique_ptr<FormWorld> f32_world_with(Fault fault);
std::unique_ptr<FormWorld> f32_world_with(Slip slip);

/// Finite fields and dual numbers whose fourth exponential is 1, the factor of a first rescale.
std::unique_ptr<FormWorld> modular_world_without_a_rescale();
std::unique_ptr<FormWorld> dual_world_without_a_rescale();

}  // namespace attest
