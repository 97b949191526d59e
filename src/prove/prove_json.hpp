// theorems[] of `attest prove` (schema attest.prove/1).
#pragma once

#include <nlohmann/json.hpp>

#include "prove/prove.hpp"

namespace attest::prove {

/// {name, statement, code, semantics, verdict, solvers{z3, cvc5[, gappa]}, out_of_reach, seconds, vacuity,
/// goals[], twin{name, verdict, goal, model, replayed}}; a solver that was not asked is null.
nlohmann::ordered_json theorem_json(const TheoremReport& report);

}  // namespace attest::prove
