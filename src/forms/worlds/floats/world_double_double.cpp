#include "forms/worlds/floats/multiprecision_formats.hpp"

namespace attest::forms {

std::unique_ptr<FormWorld> make_double_double_world() {
  return std::make_unique<WorldOf<MultiprecisionWorld<TwoDoubles>>>();
}

}  // namespace attest::forms
