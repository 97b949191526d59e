#include "forms/worlds/exact/dual_field.hpp"
#include "forms/worlds/exact/interval_world.hpp"
#include "forms/worlds/exact/modular_field.hpp"
#include "forms/worlds/floats/multiprecision_formats.hpp"
#include "planted_worlds.hpp"

namespace attest::properties {

std::vector<std::unique_ptr<forms::FormWorld>> other_worlds_with(Slip slip) {
  std::vector<std::unique_ptr<forms::FormWorld>> worlds;
  worlds.push_back(planted<forms::ExactWorld<forms::ModularField>>(slip));
  worlds.push_back(planted<forms::ExactWorld<forms::DualField>>(slip));
  worlds.push_back(planted<forms::IntervalWorld>(slip));
  worlds.push_back(planted<forms::MultiprecisionWorld<forms::TwoDoubles>>(slip));
  return worlds;
}

}  // namespace attest::properties
