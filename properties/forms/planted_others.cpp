#include "forms/worlds/exact/dual_field.hpp"
#include "forms/worlds/exact/interval_world.hpp"
#include "forms/worlds/exact/modular_field.hpp"
#include "forms/worlds/floats/multiprecision_formats.hpp"
#include "planted_worlds.hpp"

namespace attest {

std::vector<std::unique_ptr<FormWorld>> other_worlds_with(Slip slip) {
  std::vector<std::unique_ptr<FormWorld>> worlds;
  worlds.push_back(planted<ExactWorld<ModularField>>(slip));
  worlds.push_back(planted<ExactWorld<DualField>>(slip));
  worlds.push_back(planted<IntervalWorld>(slip));
  worlds.push_back(planted<MultiprecisionWorld<TwoDoubles>>(slip));
  return worlds;
}

}  // namespace attest
