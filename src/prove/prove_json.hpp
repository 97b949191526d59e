// theorems[] of `attest prove` (schema attest.prove/1).
#pragma once

#include <nlohmann/json.hpp>

#include "prove/coq.hpp"
#include "prove/prove.hpp"

namespace attest::prove {

/// {name, statement, code, semantics, verdict, solvers{z3, cvc5[, gappa]}, out_of_reach, seconds, vacuity,
/// goals[], twin{name, verdict, goal, model, replayed}}; a solver that was not asked is null.
nlohmann::ordered_json theorem_json(const TheoremReport& report);

/// {not_asked} or {summary, theorems: [{name, statement, code, verdict}]}.
nlohmann::ordered_json coq_json(const CoqReport& report);

}  // namespace attest::prove
