#include "forms/worlds/floats/float_formats.hpp"

namespace attest::forms {

std::unique_ptr<FormWorld> make_f32_world() { return std::make_unique<WorldOf<CertifiedWorld<F32Format>>>(); }

}  // namespace attest::forms
