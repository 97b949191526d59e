#include "forms/worlds/floats/float_formats.hpp"
#include "forms/worlds/floats/multiprecision_formats.hpp"
#include "planted_worlds.hpp"

namespace attest {

std::vector<std::unique_ptr<FormWorld>> float_worlds_with(ArithmeticFault fault) {
  std::vector<std::unique_ptr<FormWorld>> worlds;
  worlds.push_back(planted<CertifiedWorld<F64Format>>(fault));
  worlds.push_back(planted<CertifiedWorld<F16Format>>(fault));
  worlds.push_back(planted<CertifiedWorld<Bf16Format>>(fault));
  worlds.push_back(planted<CertifiedWorld<MixedF16Format>>(fault));
  worlds.push_back(planted<CertifiedWorld<MixedBf16Format>>(fault));
  worlds.push_back(planted<MultiprecisionWorld<Mpfr200>>(fault));
  return worlds;
}

}  // namespace attest
