// Adequacy of the statements' two worlds: what the solvers see, evaluated at a point, is what the replay runs
// there. Both with the right program and with every fault, so that goals hold and fail.
#include <algorithm>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "drawn_points.hpp"
#include "prove/prove.hpp"
#include "semantics/rational.hpp"
#include "theorems.hpp"

namespace attest::prove {
namespace {

// An SMT-LIB numeral.
std::string numeral(const std::string& value) {
  if (value == "true" || value == "false") return value;
  const semantics::Rational::Number x(value);
  const std::string magnitude = fmt::format("(/ {}.0 {}.0)", numerator(abs(x)).str(), denominator(x).str());
  return x < 0 ? fmt::format("(- {})", magnitude) : magnitude;
}

// The script where the variables that it declares have the values of the model.
std::string at_point(std::string smt2, const Model& model) {
  std::string values;
  for (const auto& [variable, value] : model) {
    if (smt2.find(fmt::format("(declare-fun {} ()", variable)) != std::string::npos)
      values += fmt::format("(assert (= {} {}))\n", variable, numeral(value));
  }
  smt2.insert(smt2.find("(check-sat)"), values);
  return smt2;
}

bool is_law(const std::string& goal) { return goal.rfind("law: ", 0) == 0; }

// The first goal that fails at the point; empty if none.
std::string first_failure(const Obligation& obligation, const Model& model) {
  for (const Goal& goal : obligation.goals) {
    if (!is_law(goal.name) && ask_z3(at_point(goal.script, model), {}) == Answer::sat) return goal.name;
  }
  return "";
}

struct Tally {
  int held = 0;
  int failed = 0;
};

void compare(const Theorem& theorem, semantics::ArithmeticFault fault, std::mt19937_64& random,
             Tally& tally) {
  const Statement statement = theorem.with_fault(fault);
  const Obligation obligation = statement.obligation();
  const Model model = random_point(obligation, statement, random);
  const bool hypotheses_hold = ask_z3(at_point(obligation.hypotheses, model), {}) == Answer::sat;
  const Replay replay = statement.replay(model);
  ASSERT_EQ(replay.hypotheses_hold, hypotheses_hold) << theorem.name;
  if (!hypotheses_hold) return;
  const std::string symbolic = first_failure(obligation, model);
  if (symbolic == "no divisor is zero") return;  // x / 0 is any number there, and an exception here
  const std::string concrete = replay.failed.empty() ? "" : replay.failed.front();
  ASSERT_EQ(symbolic, concrete) << theorem.name << ", " << name_of(fault);
  ++(symbolic.empty() ? tally.held : tally.failed);
}

TEST(Worlds, AgreeAtRandomPointsWithAndWithoutFaults) {
  std::mt19937_64 random(11);
  Tally tally;
  for (const Theorem& theorem : proofs::theorems()) {
    if (theorem.numbers != NumberKind::real || theorem.name == "e2-shift")
      continue;  // few points keep its hypotheses
    for (const semantics::ArithmeticFault fault :
         {semantics::ArithmeticFault::none, semantics::ArithmeticFault::numerator_not_rescaled,
          semantics::ArithmeticFault::not_divided})
      ASSERT_NO_FATAL_FAILURE(compare(theorem, fault, random, tally));
  }
  EXPECT_GT(tally.held, 20);
  EXPECT_GE(tally.failed, 3);
}

// In addition to the solvers: every identity over the reals at more random rational points than its degree,
// each run in exact rationals. A nonzero polynomial of degree d in few values of its line has at most d roots
// there.
TEST(Worlds, KeepEveryRealTheoremAtRandomRationalPoints) {
  constexpr int kPoints = 20;  // more than the degree: no goal multiplies more than a dozen variables
  std::mt19937_64 random(12);
  for (const Theorem& theorem : proofs::theorems()) {
    if (theorem.numbers != NumberKind::real) continue;
    const Obligation obligation = theorem.statement.obligation();
    int kept = 0;
    for (int draw = 0; draw < 3 * kPoints && kept < kPoints; ++draw) {
      Model model = random_point(obligation, theorem.statement, random);
      if (!theorem.statement.replay(model).hypotheses_hold) model = drawn_within(obligation, random);
      if (model.empty()) continue;
      const Replay replay = theorem.statement.replay(model);
      ASSERT_TRUE(replay.hypotheses_hold) << theorem.name;
      ++kept;
      ASSERT_TRUE(replay.failed.empty()) << theorem.name << ": " << replay.failed.front();
    }
    EXPECT_EQ(kept, kPoints) << theorem.name;
  }
}

}  // namespace
}  // namespace attest::prove
