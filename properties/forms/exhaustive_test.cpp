// Every schedule, every mask, up to six keys, in exact numbers: each form is the definition.
#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>

#include "forms/forms/form_list.hpp"
#include "forms/worlds/exact/rational_field.hpp"
#include "plant.hpp"

namespace attest::properties {
namespace {

using World = forms::ExactWorld<forms::RationalField>;
constexpr std::size_t kMostKeys = 6;

forms::RowCase random_row(std::size_t keys, std::uint64_t seed) {
  Draw draw{rc::Random(seed)};
  forms::RowCase row;
  row.channels = 2;
  for (std::size_t j = 0; j < keys; ++j) {
    row.keys.push_back(
        {.score = static_cast<int>(draw.between(-9, 9)), .grain = static_cast<int>(draw.below(8))});
    for (int& v : row.keys.back().value) v = static_cast<int>(draw.between(-99, 99));
  }
  return row;
}

void mask(forms::RowCase& row, unsigned visible) {
  for (std::size_t j = 0; j < row.keys.size(); ++j) row.keys[j].visible = (visible >> j & 1U) != 0;
}

// A form whose schedule is given.
template <class Form>
struct Scheduled : Form {
  static attention::Schedule plan(std::size_t, const forms::Choices&) { return *schedule; }
  static inline const attention::Schedule* schedule = nullptr;
};

struct Count {
  int cases = 0;
  int wrong = 0;
};

// Every row that the form computes: all causal rows of a causal form.
template <class Form, class Runner>
bool is_definition(const Runner& runner, const World& world, const forms::RowCase& row,
                   const attention::Schedule& schedule) {
  Scheduled<Form>::schedule = &schedule;
  auto input = world.numbers(row);
  input.rows = row.keys.size();
  const auto rows = runner.template rows<Scheduled<Form>>(world, row, input);
  for (std::size_t back = 0; back < rows.size(); ++back) {
    const forms::Seen<semantics::Rational> seen{forms::earlier_row(row, back), &Form::kEntry,
                                                rows[rows.size() - 1 - back]};
    if (world.definition(seen).decision != forms::Decision::held) return false;
    if (world.total(seen).decision != forms::Decision::held) return false;
  }
  return true;
}

// All schedules and masks of up to `most_keys` keys, in one form.
template <class Form, class Runner>
Count against_definition(const Runner& runner, std::size_t most_keys) {
  const World world;
  Count count;
  for (std::size_t keys = 1; keys <= most_keys; ++keys) {
    forms::RowCase row = random_row(keys, keys);
    row.choices.tau = 4;
    for (const attention::Schedule& schedule : attention::all_schedules(keys)) {
      for (unsigned visible = 0; visible < 1U << keys; ++visible) {
        mask(row, visible);
        ++count.cases;
        count.wrong += is_definition<Form>(runner, world, row, schedule) ? 0 : 1;
      }
    }
  }
  return count;
}

template <class Form>
class EveryScheduleAndMask : public testing::Test {};

// The forms that differ over schedules; sequential and decode take keys one by one.
using ScheduledForms =
    testing::Types<forms::TiledForm, forms::OnlineForm, forms::GuardedForm, forms::GuardedSplitForm,
                   forms::LazyForm, forms::LseForm, forms::ChunkedForm, forms::PrefillForm>;
TYPED_TEST_SUITE(EveryScheduleAndMask, ScheduledForms);

TYPED_TEST(EveryScheduleAndMask, OfSixKeysGivesTheDefinition) {
  const Count count = against_definition<TypeParam>(forms::AsWritten{}, kMostKeys);
  EXPECT_EQ(count.cases, 2 * 1 + 4 * 2 + 8 * 5 + 16 * 15 + 32 * 51 + 64 * 188);
  EXPECT_EQ(count.wrong, 0);
}

TYPED_TEST(EveryScheduleAndMask, OfFourKeysShowsWrongRescalesAndSchedules) {
  for (const semantics::ArithmeticFault fault :
       {semantics::ArithmeticFault::nothing_rescaled, semantics::ArithmeticFault::denominator_not_rescaled,
        semantics::ArithmeticFault::numerator_not_rescaled, semantics::ArithmeticFault::value_not_counted}) {
    EXPECT_GT(against_definition<TypeParam>(PlantedArithmetic{fault}, 4).wrong, 50) << name_of(fault);
  }
  EXPECT_GT(against_definition<TypeParam>(PlantedSlip{Slip::key_lost}, 4).wrong, 50);
}

TEST(EveryMask, OfSixKeysGivesTheDefinitionKeyByKey) {
  const World world;
  for (std::size_t keys = 1; keys <= kMostKeys; ++keys) {
    forms::RowCase row = random_row(keys, keys);
    const attention::Schedule all{0, keys, {}};
    for (unsigned visible = 0; visible < 1U << keys; ++visible) {
      mask(row, visible);
      EXPECT_TRUE(is_definition<forms::SequentialForm>(forms::AsWritten{}, world, row, all))
          << forms::describe(row);
      EXPECT_TRUE(is_definition<forms::DecodeForm>(forms::AsWritten{}, world, row, all))
          << forms::describe(row);
    }
  }
}

TEST(EveryOrder, AndBracketingOfFiveKeysGivesTheDefinition) {
  const World world;
  const forms::RowCase row = random_row(5, 11);
  std::vector<std::size_t> order(5);
  std::iota(order.begin(), order.end(), 0);
  int cases = 0;
  do {
    forms::RowCase permuted = row;
    for (std::size_t j = 0; j < 5; ++j) permuted.keys[j] = row.keys[order[j]];
    for (const attention::Schedule& schedule : attention::all_bracketings(5)) {
      ASSERT_TRUE(is_definition<forms::TiledForm>(forms::AsWritten{}, world, permuted, schedule))
          << attention::to_string(schedule);
      ++cases;
    }
  } while (std::next_permutation(order.begin(), order.end()));
  EXPECT_EQ(cases, 120 * 14);
}

}  // namespace
}  // namespace attest::properties
