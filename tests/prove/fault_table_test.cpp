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

namespace attest {
namespace {

struct Refutation {
  Model model;
  bool replayed = false;
};

Refutation refutation_of(const RecurrenceFault& fault) {
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
  return Rational::Number(text).convert_to<double>();
}

// The keys behind a model: states a and b as runs of keys, then single keys.
std::vector<CounterexampleKey> keys_of(const Model& model) {
  const std::map<std::string, std::string> values(model.begin(), model.end());
  const auto value = [&](const std::string& name, double otherwise) {
    const auto at = values.find(name);
    return at == values.end() ? otherwise : number_in(at->second);
  };
  std::vector<CounterexampleKey> keys;
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

std::string told(const std::vector<CounterexampleKey>& keys) {
  std::string text;
  for (const auto& key : keys) text += fmt::format("{{{}, {}, {}}} ", key.weight, key.value, key.count);
  return text;
}

// Scores in f16 bit patterns and gradients are not weights of a row.
const std::set<std::string>& not_a_row() {
  static const std::set<std::string> numbers{"8", "9a", "9b", "18", "24"};
  return numbers;
}

class EveryFault : public testing::TestWithParam<std::size_t> {};

TEST_P(EveryFault, IsRefutedReplayedAndRemembered) {
  const RecurrenceFault fault = recurrence_faults()[GetParam()];
  const Refutation found = refutation_of(fault);
  ASSERT_FALSE(found.model.empty()) << fault.number << ": " << fault.theorem << " does not fail";
  EXPECT_TRUE(found.replayed) << fault.number;
  const auto& table = counterexamples();
  const auto at = std::find_if(table.begin(), table.end(),
                               [&](const Counterexample& entry) { return entry.fault == fault.number; });
  if (not_a_row().count(fault.number) != 0) return;
  ASSERT_NE(at, table.end()) << fault.number << ": " << told(keys_of(found.model));
  EXPECT_EQ(at->theorem, fault.theorem);
  EXPECT_EQ(told(at->keys), told(keys_of(found.model))) << fault.number;
}

INSTANTIATE_TEST_SUITE_P(Prove, EveryFault, testing::Range(std::size_t{0}, recurrence_faults().size()),
                         [](const testing::TestParamInfo<std::size_t>& fault) {
                           return "fault_" + recurrence_faults()[fault.param].number;
                         });

TEST(FaultTable, IsRememberedWhereverACounterexampleIsARowOfWeights) {
  std::set<std::string> numbers, remembered;
  for (const RecurrenceFault& fault : recurrence_faults()) EXPECT_TRUE(numbers.insert(fault.number).second);
  for (const Counterexample& entry : counterexamples()) {
    EXPECT_TRUE(remembered.insert(std::string(entry.fault)).second);
    EXPECT_TRUE(numbers.count(std::string(entry.fault))) << entry.fault;
  }
  EXPECT_EQ(numbers.size() - remembered.size(), not_a_row().size());
}

}  // namespace
}  // namespace attest
