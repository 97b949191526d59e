#include "forms/worlds/exact/rational_field.hpp"
#include "planted_worlds.hpp"

namespace attest {

std::unique_ptr<FormWorld> rational_world_with(ArithmeticFault fault) {
  return planted<ExactWorld<RationalField>>(fault);
}
std::unique_ptr<FormWorld> rational_world_with(Slip slip) { return planted<ExactWorld<RationalField>>(slip); }

}  // namespace attest
