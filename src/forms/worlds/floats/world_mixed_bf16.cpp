#include "forms/worlds/floats/float_formats.hpp"

namespace attest::forms {

std::unique_ptr<FormWorld> make_mixed_bf16_world() {
  return std::make_unique<WorldOf<CertifiedWorld<MixedBf16Format>>>();
}

}  // namespace attest::forms
