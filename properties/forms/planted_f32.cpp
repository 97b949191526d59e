#include "forms/worlds/floats/float_formats.hpp"
#include "planted_worlds.hpp"

namespace attest {

std::unique_ptr<FormWorld> f32_world_with(ArithmeticFault fault) {
  return planted<CertifiedWorld<F32Format>>(fault);
}
std::unique_ptr<FormWorld> f32_world_with(Slip slip) { return planted<CertifiedWorld<F32Format>>(slip); }

}  // namespace attest
