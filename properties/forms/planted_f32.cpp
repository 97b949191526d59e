#include "forms/float_formats.hpp"
#include "planted_worlds.hpp"

namespace attest {

std::unique_ptr<FormWorld> f32_world_with(Fault fault) {
  return std::make_unique<WorldOf<CertifiedWorld<F32Format>, PlantedArithmetic>>(PlantedArithmetic{fault});
}

std::unique_ptr<FormWorld> f32_world_with(Slip slip) {
  return std::make_unique<WorldOf<CertifiedWorld<F32Format>, PlantedSlip>>(PlantedSlip{slip});
}

}  // namespace attest
