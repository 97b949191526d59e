#include "forms/worlds/exact/rational_field.hpp"
#include "planted_worlds.hpp"

namespace attest::properties {

std::unique_ptr<forms::FormWorld> rational_world_with(semantics::ArithmeticFault fault) {
  return planted<forms::ExactWorld<forms::RationalField>>(fault);
}
std::unique_ptr<forms::FormWorld> rational_world_with(Slip slip) {
  return planted<forms::ExactWorld<forms::RationalField>>(slip);
}

}  // namespace attest::properties
