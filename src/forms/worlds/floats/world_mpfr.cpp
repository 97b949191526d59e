#include "forms/worlds/floats/multiprecision_formats.hpp"

namespace attest::forms {

std::unique_ptr<FormWorld> make_mpfr_world() {
  return std::make_unique<WorldOf<MultiprecisionWorld<Mpfr200>>>();
}

}  // namespace attest::forms
