#include <gtest/gtest.h>

#include "fakes.hpp"
#include "prove/prove_json.hpp"
#include "prove/prove_text.hpp"

namespace attest::prove {
namespace {

TheoremReport some_report() {
  TheoremReport report;
  report.name = "merge-adds-sums";
  report.sentence = "A sentence.";
  report.semantics = "z3_real";
  report.verdict = ProofVerdict::proved;
  report.z3 = ProofVerdict::proved;
  report.cvc5 = ProofVerdict::timeout;
  report.hypotheses = Answer::sat;
  report.goals = {{"m > 0", ProofVerdict::proved, ProofVerdict::proved},
                  {"m * l = W", ProofVerdict::proved, ProofVerdict::timeout}};
  report.twin = {
      "denominator not rescaled", ProofVerdict::refuted, "m * l = W", {{"m_a", "1"}, {"l_a", "1/2"}}, true};
  report.seconds = 1.25;
  return report;
}

TEST(ProveJson, HasEveryFactOfATheorem) {
  const auto json = theorem_json(some_report());
  EXPECT_EQ(json["name"], "merge-adds-sums");
  EXPECT_EQ(json["statement"], "A sentence.");
  EXPECT_EQ(json["verdict"], "proved");
  EXPECT_EQ(json["solvers"]["z3"], "proved");
  EXPECT_EQ(json["solvers"]["cvc5"], "timeout");
  EXPECT_EQ(json["seconds"], 1.25);
  EXPECT_EQ(json["vacuity"], "satisfiable");
  EXPECT_EQ(json["goals"][1]["name"], "m * l = W");
  EXPECT_EQ(json["twin"]["name"], "denominator not rescaled");
  EXPECT_EQ(json["twin"]["verdict"], "refuted");
  EXPECT_EQ(json["twin"]["model"]["l_a"], "1/2");
  EXPECT_EQ(json["twin"]["replayed"], true);
}

TEST(ProveJson, SaysNullOfASolverThatWasNotAsked) {
  TheoremReport report = some_report();
  report.cvc5.reset();
  report.hypotheses = Answer::unsat;
  EXPECT_TRUE(theorem_json(report)["solvers"]["cvc5"].is_null());
  EXPECT_EQ(theorem_json(report)["vacuity"], "vacuous");
}

TEST(ProveText, TellsTheTwinAndTheGoalThatASolverLeftOpen) {
  const std::string text = theorems_text({some_report()}, 2.0);
  EXPECT_NE(text.find("merge-adds-sums  proved   timeout  refuted, replayed"), std::string::npos) << text;
  EXPECT_NE(text.find("twin (denominator not rescaled) fails 'm * l = W' at m_a = 1, l_a = 1/2"),
            std::string::npos);
  EXPECT_NE(text.find("goal 'm * l = W': z3 proved, cvc5 timeout"), std::string::npos);
  EXPECT_EQ(text.find("goal 'm > 0'"), std::string::npos);
  EXPECT_NE(text.find("1 theorem proved, 1 twin refuted and replayed, in 2.0 s"), std::string::npos) << text;
}

TEST(ProveText, CutsALongCounterexample) {
  Model model(24, {"w", "1"});
  EXPECT_TRUE(model_text(model).ends_with("w = 1, w = 1"));
  model.resize(30, {"w", "1"});
  EXPECT_TRUE(model_text(model).ends_with("w = 1, w = 1 and 6 more (all are in the JSON)"))
      << model_text(model);
}

TEST(ProveText, ShowsTheFirstOfManyVariablesAndCountsTheRest) {
  TheoremReport report = some_report();
  report.twin.model.clear();
  for (int i = 0; i < 26; ++i) report.twin.model.emplace_back("x" + std::to_string(i), "1");
  const std::string text = theorems_text({report}, 2.0);
  EXPECT_NE(text.find("x22 = 1, x23 = 1 and 2 more (all are in the JSON)\n"), std::string::npos) << text;
  EXPECT_EQ(theorem_json(report)["twin"]["model"].size(), 26U);
}

TEST(ProveText, NamesTheGoalThatFailsOnNumbers) {
  TheoremReport report = some_report();
  report.failed_on_numbers = {"m > 0"};
  EXPECT_NE(theorems_text({report}, 2.0).find("goal 'm > 0' fails on numbers"), std::string::npos);
  EXPECT_EQ(theorem_json(report)["failed_on_numbers"][0], "m > 0");
}

TEST(ProveText, DoesNotHideWhatIsNotAsItShouldBe) {
  TheoremReport report = some_report();
  report.verdict = ProofVerdict::vacuous;
  report.hypotheses = Answer::unsat;
  report.twin.replayed = false;
  const std::string text = theorems_text({report}, 2.0);
  EXPECT_NE(text.find("NOT replayed"), std::string::npos);
  EXPECT_NE(text.find("contradict each other"), std::string::npos);
  EXPECT_NE(text.find("1 theorem vacuous, 0 twins refuted and replayed"), std::string::npos) << text;
}

}  // namespace
}  // namespace attest::prove
