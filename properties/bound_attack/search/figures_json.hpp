// The measured figures of the attack, as JSON (schema attest.bound-attack/1).
#pragma once

#include <nlohmann/json.hpp>

#include "bound_attack/search/campaign.hpp"

namespace attest::attack {

/// Counts of one run of the default effort, scaled by effort().
struct Plan {
  int few = 0, many = 0, climb_steps = 0;
};
/// f64 is judged by intervals and is slower by a factor of 10, so it gets fewer cases.
Plan plan_for_preset(const std::string& contract);
Plan plan_for_override(const std::string& contract);
inline constexpr int kDetectionBudget = 4000;
inline constexpr std::uint64_t kSeed = 20240611;

nlohmann::json to_json(const Figures& figures);
nlohmann::json to_json(const Twin& twin, const Detection& detection);
/// One line for a person.
std::string summary(const Figures& figures);

}  // namespace attest::attack
