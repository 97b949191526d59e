#include "forms/worlds/floats/float_formats.hpp"

namespace attest::forms {

std::unique_ptr<FormWorld> make_f16_world() { return std::make_unique<WorldOf<CertifiedWorld<F16Format>>>(); }

}  // namespace attest::forms
