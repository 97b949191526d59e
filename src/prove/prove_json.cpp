#include "prove/prove_json.hpp"

namespace attest::prove {
namespace {

using Json = nlohmann::ordered_json;

Json verdict_json(const std::optional<ProofVerdict>& verdict) {
  return verdict ? Json(name_of(*verdict)) : Json(nullptr);
}

std::string_view vacuity(Answer hypotheses) {
  switch (hypotheses) {
    case Answer::sat:
      return "satisfiable";
    case Answer::unsat:
      return "vacuous";
    case Answer::timeout:
      return "timeout";
    case Answer::unknown:
      return "unknown";
  }
  return "unknown";
}

}  // namespace

Json theorem_json(const TheoremReport& report) {
  Json goals = Json::array();
  for (const GoalReport& goal : report.goals)
    goals.push_back({{"name", goal.name}, {"z3", verdict_json(goal.z3)}, {"cvc5", verdict_json(goal.cvc5)}});
  Json model = Json::object();
  for (const auto& [variable, value] : report.twin.model) model[variable] = value;
  const Json twin{{"name", report.twin.name},
                  {"verdict", name_of(report.twin.verdict)},
                  {"goal", report.twin.goal},
                  {"model", model},
                  {"replayed", report.twin.replayed}};
  Json solvers{{"z3", verdict_json(report.z3)}, {"cvc5", verdict_json(report.cvc5)}};
  if (report.gappa) solvers["gappa"] = verdict_json(report.gappa);
  return {{"name", report.name},
          {"statement", report.sentence},
          {"code", report.code},
          {"semantics", report.semantics},
          {"verdict", name_of(report.verdict)},
          {"solvers", solvers},
          {"out_of_reach", report.out_of_reach.empty() ? Json(nullptr) : Json(report.out_of_reach)},
          {"seconds", report.seconds},
          {"vacuity", vacuity(report.hypotheses)},
          {"witness_replayed", report.witness_replayed},
          {"failed_on_numbers", report.failed_on_numbers},
          {"goals", goals},
          {"twin", twin}};
}

Json coq_json(const CoqReport& report) {
  if (!report.not_asked.empty()) return {{"not_asked", report.not_asked}};
  Json theorems = Json::array();
  for (const CoqTheorem& theorem : report.theorems)
    theorems.push_back({{"name", theorem.name},
                        {"statement", theorem.sentence},
                        {"code", theorem.code},
                        {"verdict", theorem.verdict}});
  return {{"summary", report.summary}, {"theorems", theorems}};
}

}  // namespace attest::prove
