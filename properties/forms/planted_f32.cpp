#include "forms/worlds/floats/float_formats.hpp"
#include "planted_worlds.hpp"

namespace attest::properties {

std::unique_ptr<forms::FormWorld> f32_world_with(semantics::ArithmeticFault fault) {
  return planted<forms::CertifiedWorld<forms::F32Format>>(fault);
}
std::unique_ptr<forms::FormWorld> f32_world_with(Slip slip) {
  return planted<forms::CertifiedWorld<forms::F32Format>>(slip);
}

}  // namespace attest::properties
