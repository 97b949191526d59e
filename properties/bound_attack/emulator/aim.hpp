// Which way each rounding must go to make the target as wrong as possible.
#pragma once

#include <vector>

#include "bound_attack/emulator/rounded_arithmetic.hpp"
#include "bound_attack/emulator/row_input.hpp"
#include "bound_attack/emulator/strategy.hpp"

namespace attest::attack {

/// By E1, more weight for key j moves channel c by p_j (v_jc - o_c); lse by p_j.
struct Aim {
  std::vector<Real> pull;       ///< wanted movement per unit of relative weight, each key, then the sink
  std::vector<int> value_push;  ///< direction of product p * v that serves the target, each key
  int numerator = 0, denominator = 0, logarithm = 0;

  int key(std::size_t j) const { return sign_of(pull[j]); }
};

inline Aim take_aim(const RowInput& row, const Ideal& ideal, const Strategy& strategy) {
  Aim aim;
  const std::size_t n = row.keys.size();
  const bool at_lse = strategy.target < 0 || ideal.out.empty();
  const std::size_t c = at_lse ? 0 : static_cast<std::size_t>(strategy.target) % ideal.out.size();
  const auto direction = static_cast<Real>(strategy.direction);
  for (std::size_t j = 0; j < ideal.probability.size(); ++j) {
    const Real v = j < n && !at_lse ? static_cast<Real>(row.keys[j].v[c]) : 0;
    const Real gain = at_lse ? 1 : v - ideal.out[c];
    aim.pull.push_back(direction * ideal.probability[j] * gain);
    if (j < n) aim.value_push.push_back(strategy.direction * sign_of(v));
  }
  aim.numerator = strategy.direction;
  aim.denominator = at_lse ? strategy.direction : -strategy.direction * sign_of(ideal.out[c]);
  aim.logarithm = strategy.direction;
  return aim;
}

}  // namespace attest::attack
