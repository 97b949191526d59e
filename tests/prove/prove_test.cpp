#include "prove/prove.hpp"

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "fakes.hpp"
#include "prove/smt2_files.hpp"
#include "theorems.hpp"

namespace attest::prove {
namespace {

TEST(Prove, CallsAnUnsatisfiableNegationProved) {
  const TheoremReport report = prove_one(fake_theorem(kSat, kUnsat));
  EXPECT_EQ(report.verdict, ProofVerdict::proved);
  EXPECT_EQ(report.z3, ProofVerdict::proved);
  EXPECT_EQ(report.cvc5, ProofVerdict::proved);
  EXPECT_EQ(report.hypotheses, Answer::sat);
  EXPECT_TRUE(as_expected(report));
}

TEST(Prove, CallsASatisfiableNegationRefuted) {
  const TheoremReport report = prove_one(fake_theorem(kSat, kSat));
  EXPECT_EQ(report.verdict, ProofVerdict::refuted);
  EXPECT_EQ(report.z3, ProofVerdict::refuted);
  EXPECT_EQ(report.cvc5, ProofVerdict::refuted);
  EXPECT_FALSE(as_expected(report));
}

TEST(Prove, CallsATheoremWithContradictoryHypothesesVacuous) {
  const TheoremReport report = prove_one(fake_theorem(kUnsat, kUnsat));
  EXPECT_EQ(report.z3, ProofVerdict::proved);
  EXPECT_EQ(report.verdict, ProofVerdict::vacuous);
  EXPECT_FALSE(as_expected(report));
}

TEST(Prove, CallsATheoremWithoutGoalsVacuous) {
  Theorem theorem = fake_theorem(kSat, kUnsat);
  theorem.statement.obligation = [] { return Obligation{"QF_NRA", {}, kSat, {}}; };
  EXPECT_EQ(prove_one(theorem).verdict, ProofVerdict::vacuous);
}

TEST(Prove, NeverCountsATimeoutAsProved) {
  ProveOptions options;
  options.z3.seconds = options.cvc5.seconds = 1;
  const TheoremReport report = prove_one(fake_theorem(kSat, kHard), options);
  EXPECT_EQ(report.z3, ProofVerdict::timeout);
  EXPECT_EQ(report.cvc5, ProofVerdict::timeout);
  EXPECT_EQ(report.verdict, ProofVerdict::timeout);
  EXPECT_FALSE(as_expected(report));
}

TEST(Prove, NeverCountsHypothesesOfUnknownStandingAsSatisfiable) {
  ProveOptions options;
  options.z3.seconds = 1;
  const TheoremReport report = prove_one(fake_theorem(kHard, kUnsat), options);
  EXPECT_EQ(report.z3, ProofVerdict::proved);
  EXPECT_EQ(report.verdict, ProofVerdict::timeout);
}

TEST(Prove, AsksOnlyTheChosenSolver) {
  ProveOptions options;
  options.solvers = SolverChoice::z3;
  const TheoremReport by_z3 = prove_one(fake_theorem(kSat, kUnsat), options);
  EXPECT_TRUE(by_z3.z3 && !by_z3.cvc5);
  EXPECT_EQ(by_z3.verdict, ProofVerdict::proved);
  options.solvers = SolverChoice::cvc5;
  const TheoremReport by_cvc5 = prove_one(fake_theorem(kSat, kUnsat), options);
  EXPECT_TRUE(!by_cvc5.z3 && by_cvc5.cvc5);
  EXPECT_EQ(by_cvc5.verdict, ProofVerdict::proved);
}

TEST(Prove, LetsOneProofStandBesideATimeoutButNoModelBesideAProof) {
  using V = ProofVerdict;
  EXPECT_EQ(combined(V::proved, V::timeout), V::proved);
  EXPECT_EQ(combined(V::unknown, V::proved), V::proved);
  EXPECT_EQ(combined(V::unknown, V::timeout), V::timeout);
  EXPECT_EQ(combined(V::timeout, V::refuted), V::refuted);
  EXPECT_EQ(combined(V::unknown, std::nullopt), V::unknown);
  EXPECT_EQ(combined(std::nullopt, std::nullopt), V::unknown);
}

TEST(Prove, FailsLoudlyWhenTheSolversContradictEachOther) {
  GoalReport goal{"the goal", ProofVerdict::proved, ProofVerdict::refuted};
  EXPECT_THROW(require_agreement("fake", goal), SolverDisagreement);
  std::swap(goal.z3, goal.cvc5);
  EXPECT_THROW(require_agreement("fake", goal), SolverDisagreement);
  goal.cvc5 = ProofVerdict::timeout;
  EXPECT_NO_THROW(require_agreement("fake", goal));
  goal.cvc5 = goal.z3;
  EXPECT_NO_THROW(require_agreement("fake", goal));
}

TEST(Prove, FailsLoudlyWhenNumbersContradictAProof) {
  Theorem theorem = fake_theorem(kSat, kUnsat);
  theorem.statement.replay = [](const Model&) { return Replay{true, {"the goal"}}; };
  EXPECT_THROW(prove_one(theorem), SolverDisagreement);
}

// A wrong program is a refuted theorem, also where no solver decides its goal: numbers do.
TEST(Prove, CallsATheoremRefutedThatFailsOnNumbersAndIsNotProved) {
  for (const char* goal : {kSat, kHard}) {
    Theorem theorem = fake_theorem(kSat, goal);
    theorem.statement.replay = [](const Model&) { return Replay{true, {"the goal"}}; };
    ProveOptions options;
    options.z3.seconds = options.cvc5.seconds = 1;
    const TheoremReport report = prove_one(theorem, options);
    EXPECT_EQ(report.verdict, ProofVerdict::refuted);
    EXPECT_FALSE(report.witness_replayed);
  }
}

TEST(Twin, IsReplayedOnlyIfItsOwnGoalFailsOnItsNumbers) {
  Theorem theorem = fake_theorem(kSat, kUnsat);
  EXPECT_TRUE(prove_one(theorem).twin.replayed);
  EXPECT_EQ(prove_one(theorem).twin.model, (Model{{"x", "3"}}));
  theorem.twin.statement.replay = [](const Model&) { return Replay{true, {"another goal"}}; };
  EXPECT_FALSE(prove_one(theorem).twin.replayed);
  theorem.twin.statement.replay = [](const Model&) { return Replay{false, {"x <= 2.5"}}; };
  const TheoremReport report = prove_one(theorem);
  EXPECT_EQ(report.twin.verdict, ProofVerdict::refuted);
  EXPECT_FALSE(report.twin.replayed);
  EXPECT_FALSE(as_expected(report));
}

TEST(Twin, ThatIsProvedIsNotAsExpected) {
  Theorem theorem = fake_theorem(kSat, kUnsat);
  theorem.twin.statement.obligation = [] {
    return Obligation{"QF_NRA", {"x"}, kSat, {{"the goal", kUnsat}}};
  };
  const TheoremReport report = prove_one(theorem);
  EXPECT_EQ(report.verdict, ProofVerdict::proved);
  EXPECT_EQ(report.twin.verdict, ProofVerdict::proved);
  EXPECT_FALSE(as_expected(report));
}

TEST(Solvers, RefuseAScriptThatDoesNotParse) {
  const std::string broken = "(set-logic QF_NRA)(assert (> y 0.0))(check-sat)";
  EXPECT_THROW(ask_z3(broken, {}), SolverError);
  EXPECT_THROW(ask_cvc5(broken, {}), SolverError);
}

// A cvc5 of that name which dies in the middle of every question.
TEST(Solvers, ThatCrashDecideNothing) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "attest-crashing-cvc5";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "cvc5") << "#!/bin/sh\nkill -SEGV $$\n";
  std::filesystem::permissions(folder / "cvc5", std::filesystem::perms::owner_all);
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", (folder.string() + ":" + path).c_str(), 1);
  const Answer answer = ask_cvc5(kUnsat, {});
  ::setenv("PATH", path.c_str(), 1);
  EXPECT_EQ(answer, Answer::unknown);
  EXPECT_EQ(ask_cvc5(kUnsat, {}), Answer::unsat);
}

TEST(Prove, GivesTheSameReportsOnAnyNumberOfThreads) {
  std::vector<Theorem> few(proofs::theorems().begin(), proofs::theorems().begin() + 4);
  ProveOptions options;
  options.solvers = SolverChoice::z3;
  std::size_t calls = 0;
  options.progress = [&](const ProveProgress& p) { calls += p.done <= p.planned ? 1 : 0; };
  const auto alone = prove(few, options);
  EXPECT_GT(calls, few.size());
  options.jobs = 4;
  const auto together = prove(few, options);
  ASSERT_EQ(alone.size(), together.size());
  for (std::size_t i = 0; i < alone.size(); ++i) {
    EXPECT_EQ(alone[i].name, together[i].name);
    EXPECT_EQ(alone[i].verdict, together[i].verdict);
    EXPECT_EQ(alone[i].twin.goal, together[i].twin.goal);
    EXPECT_EQ(alone[i].twin.model, together[i].twin.model);
  }
}

std::string content(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TEST(Smt2Files, AreWhatTheSolversSaw) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "attest-smt2";
  std::filesystem::remove_all(folder);
  ProveOptions options;
  options.smt2 = folder;
  prove({fake_theorem(kSat, kUnsat)}, options);
  EXPECT_EQ(ask_cvc5(content(folder / "fake-hypotheses.smt2"), {}), Answer::sat);
  EXPECT_EQ(ask_cvc5(content(folder / "fake-01.smt2"), {}), Answer::unsat);
  EXPECT_EQ(ask_z3(content(folder / "fake-01.smt2"), {}), Answer::unsat);
  EXPECT_EQ(ask_z3(content(folder / "fake-twin-01.smt2"), {}), Answer::sat);
}

TEST(Smt2Files, ThatCannotBeWrittenAreAnError) {
  ProveOptions options;
  options.smt2 = "/dev/null/folder";
  EXPECT_THROW(prove({fake_theorem(kSat, kUnsat)}, options), Smt2FileError);
}

}  // namespace
}  // namespace attest::prove
