// Each fault of the recurrence is refuted by its theorem, replays, and is remembered with its smallest input
// (src/check/generate/families/counterexamples.cpp).
#include "fault_table.hpp"

#include <map>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "check/generate/families/counterexamples.hpp"
#include "prove/prove.hpp"
#include "semantics/rational.hpp"

namespace attest::prove {
namespace {

struct Refutation {
  Model model;
  bool replayed = false;
};

Refutation refutation_of(const proofs::RecurrenceFault& fault) {
  const Obligation obligation = fault.wrong.obligation();
  for (const Goal& goal : obligation.goals) {
    const ModelAnswer answer = ask_z3_for_model(goal.script, obligation.variables, {});
    if (answer.answer != Answer::sat) continue;
    const Replay replay = fault.wrong.replay(answer.model);
    const bool fails =
        std::find(replay.failed.begin(), replay.failed.end(), goal.name) != replay.failed.end();
    return {answer.model, replay.hypotheses_hold && fails};
  }
  return {};
}

double number_in(const std::string& text) {
  if (text.find("0x") != std::string::npos) return std::strtod(text.c_str(), nullptr);
  return semantics::Rational::Number(text).convert_to<double>();
}

// The keys behind a model: states a and b as runs of keys, then single keys.
std::vector<check::CounterexampleKey> keys_of(const Model& model) {
  const std::map<std::string, std::string> values(model.begin(), model.end());
  const auto value = [&](const std::string& name, double otherwise) {
    const auto at = values.find(name);
    return at == values.end() ? otherwise : number_in(at->second);
  };
  std::vector<check::CounterexampleKey> keys;
  for (const char* state : {"a", "b"}) {
    const std::string name(state);
    if (values.count("m_" + name) == 0) continue;
    const double l = value("l_" + name, 1);
    keys.push_back({value("m_" + name, 1), value("o_" + name, 0) / l, static_cast<int>(std::ceil(l))});
  }
  for (int j = 0; values.count(fmt::format("w{}", j)) != 0; ++j)
    keys.push_back({value(fmt::format("w{}", j), 1), value(fmt::format("v{}", j), 0), 1});
  return keys;
}

std::string told(const std::vector<check::CounterexampleKey>& keys) {
  std::string text;
  for (const auto& key : keys) text += fmt::format("{{{}, {}, {}}} ", key.weight, key.value, key.count);
  return text;
}

// Scores in f16 bit patterns and gradients are not weights of a row.
const std::set<faults::RootCause>& not_a_row() {
  static const std::set<faults::RootCause> causes{
      faults::RootCause::nan_masked_tile, faults::RootCause::initial_max_minus_1e4,
      faults::RootCause::initial_max_finite, faults::RootCause::accumulate_f16,
      faults::RootCause::gradient_without_mean};
  return causes;
}

class EveryFault : public testing::TestWithParam<std::size_t> {};

TEST_P(EveryFault, IsRefutedReplayedAndRemembered) {
  const proofs::RecurrenceFault fault = proofs::recurrence_faults()[GetParam()];
  const std::string_view name = faults::entry_of(fault.cause).name;
  const Refutation found = refutation_of(fault);
  ASSERT_FALSE(found.model.empty()) << name << ": " << fault.theorem << " does not fail";
  EXPECT_TRUE(found.replayed) << name;
  const auto& table = check::counterexamples();
  const auto at = std::find_if(table.begin(), table.end(), [&](const check::Counterexample& entry) {
    return entry.cause == fault.cause;
  });
  if (not_a_row().count(fault.cause) != 0) return;
  ASSERT_NE(at, table.end()) << name << ": " << told(keys_of(found.model));
  EXPECT_EQ(at->theorem, fault.theorem);
  EXPECT_EQ(told(at->keys), told(keys_of(found.model))) << name;
}

INSTANTIATE_TEST_SUITE_P(Prove, EveryFault,
                         testing::Range(std::size_t{0}, proofs::recurrence_faults().size()),
                         [](const testing::TestParamInfo<std::size_t>& fault) {
                           return std::string(
                               faults::entry_of(proofs::recurrence_faults()[fault.param].cause).name);
                         });

TEST(FaultTable, IsRememberedWhereverACounterexampleIsARowOfWeights) {
  std::set<faults::RootCause> causes, remembered;
  for (const proofs::RecurrenceFault& fault : proofs::recurrence_faults()) {
    EXPECT_TRUE(causes.insert(fault.cause).second) << faults::entry_of(fault.cause).name;
  }
  for (const check::Counterexample& entry : check::counterexamples()) {
    EXPECT_TRUE(remembered.insert(entry.cause).second) << faults::entry_of(entry.cause).name;
    EXPECT_TRUE(causes.count(entry.cause)) << faults::entry_of(entry.cause).name;
  }
  EXPECT_EQ(causes.size() - remembered.size(), not_a_row().size());
}

}  // namespace
}  // namespace attest::prove
