#include "forms/worlds/floats/float_formats.hpp"
#include "forms/worlds/floats/multiprecision_formats.hpp"
#include "planted_worlds.hpp"

namespace attest::properties {

std::vector<std::unique_ptr<forms::FormWorld>> float_worlds_with(semantics::ArithmeticFault fault) {
  std::vector<std::unique_ptr<forms::FormWorld>> worlds;
  worlds.push_back(planted<forms::CertifiedWorld<forms::F64Format>>(fault));
  worlds.push_back(planted<forms::CertifiedWorld<forms::F16Format>>(fault));
  worlds.push_back(planted<forms::CertifiedWorld<forms::Bf16Format>>(fault));
  worlds.push_back(planted<forms::CertifiedWorld<forms::MixedF16Format>>(fault));
  worlds.push_back(planted<forms::CertifiedWorld<forms::MixedBf16Format>>(fault));
  worlds.push_back(planted<forms::MultiprecisionWorld<forms::Mpfr200>>(fault));
  return worlds;
}

}  // namespace attest::properties
