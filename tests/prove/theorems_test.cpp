// Every theorem through the registry, with its twin.
#include "theorems.hpp"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "prove/prove.hpp"
#include "semantics/rational.hpp"

namespace attest::prove {
namespace {

class EveryTheorem : public testing::TestWithParam<std::string> {
 protected:
  const Theorem& theorem() const {
    return *std::find_if(proofs::theorems().begin(), proofs::theorems().end(),
                         [](const Theorem& t) { return t.name == GetParam(); });
  }
};

bool is_real(const Theorem& theorem) { return theorem.numbers == NumberKind::real; }

// The values that a person tries first.
bool is_small(const std::string& value) {
  if (value == "true" || value == "false") return true;
  const semantics::Rational::Number x(value);
  return -4 <= x && x <= 4 && denominator(x) <= 2;
}

TEST_P(EveryTheorem, IsProvedAndItsTwinIsRefutedAndReplayed) {
  ProveOptions options;
  options.solvers = SolverChoice::z3;  // tests/cli/report_test.cpp asks cvc5 as well
  options.z3.seconds = 280;
  const TheoremReport report = prove({theorem()}, options).front();
  EXPECT_TRUE(as_expected(report));
  if (theorem().out_of_reach.empty()) {
    EXPECT_EQ(report.verdict, ProofVerdict::proved);
  }
  EXPECT_EQ(report.hypotheses, Answer::sat);
  EXPECT_EQ(report.twin.verdict, ProofVerdict::refuted);
  EXPECT_TRUE(report.twin.replayed) << report.twin.goal;
  if (is_real(theorem())) {
    for (const auto& [variable, value] : report.twin.model)
      EXPECT_TRUE(is_small(value)) << variable << " = " << value;
  }
  // The counterexample is one of the twin's fault: the right program does not fail on it.
  const Replay right = theorem().statement.replay(report.twin.model);
  if (right.hypotheses_hold) {
    EXPECT_TRUE(right.failed.empty()) << right.failed.front();
  }
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const Theorem& theorem : proofs::theorems()) all.push_back(theorem.name);
  return all;
}

INSTANTIATE_TEST_SUITE_P(Prove, EveryTheorem, testing::ValuesIn(names()), test_name);

TEST(Theorems, HaveNamesOfTheirOwnAndSentences) {
  std::set<std::string> seen;
  for (const Theorem& theorem : proofs::theorems()) {
    EXPECT_TRUE(seen.insert(theorem.name).second) << theorem.name;
    EXPECT_EQ(theorem.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"), std::string::npos);
    EXPECT_EQ(theorem.sentence.back(), '.') << theorem.name;
    EXPECT_FALSE(theorem.twin.name.empty()) << theorem.name;
  }
}

TEST(Theorems, UseNoSymbolThatIsATheorysOwn) {
  for (const Theorem& theorem : proofs::theorems()) {
    for (const Goal& goal : theorem.statement.obligation().goals) {
      EXPECT_EQ(goal.script.find("declare-fun exp "), std::string::npos) << theorem.name;
      EXPECT_EQ(goal.script.find("(exp "), std::string::npos) << theorem.name;
    }
  }
}

}  // namespace
}  // namespace attest::prove
