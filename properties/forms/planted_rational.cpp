#include "forms/rational_field.hpp"
#include "planted_worlds.hpp"

namespace attest {

std::unique_ptr<FormWorld> rational_world_with(Fault fault) {
  return std::make_unique<WorldOf<ExactWorld<RationalField>, PlantedArithmetic>>(PlantedArithmetic{fault});
}

std::unique_ptr<FormWorld> rational_world_with(Slip slip) {
  return std::make_unique<WorldOf<ExactWorld<RationalField>, PlantedSlip>>(PlantedSlip{slip});
}

}  // namespace attest
