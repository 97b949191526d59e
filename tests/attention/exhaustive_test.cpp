// Every schedule, every mask, up to six keys, in exact arithmetic: the recurrence is the definition.
#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>

#include "attention/run.hpp"
#include "exact_rows.hpp"

namespace attest {
namespace {

using Output = std::optional<std::vector<Number>>;

struct Disagreements {
  int cases = 0;
  int wrong = 0;
};

// form(schedule, row, mask) against the definition, over all schedules and masks of up to six keys.
template <class Form>
Disagreements against_definition(const Form& form) {
  std::mt19937_64 random(7);
  Disagreements result;
  for (std::size_t keys = 1; keys <= 6; ++keys) {
    const ExactRow row = random_row(random, keys);
    for (const Schedule& schedule : all_schedules(keys)) {
      for (unsigned mask = 0; mask < 1U << keys; ++mask) {
        const Output output = form(schedule, row, mask);
        ++result.cases;
        result.wrong += output == by_definition(row, mask) ? 0 : 1;
      }
    }
  }
  return result;
}

template <Semantics A>
auto form_in(const A& k) {
  return [k](const Schedule& schedule, const ExactRow& row, unsigned mask) -> Output {
    const auto visible = [mask](std::size_t j) { return (mask >> j & 1U) != 0; };
    const auto state = run(k, schedule, row.scores, row.values, visible);
    if (!state) return std::nullopt;
    return finalize(k, *state);
  };
}

TEST(Recurrence, EqualsTheDefinitionForEveryScheduleAndMaskOfSixKeys) {
  const auto result = against_definition(form_in(Rational{}));
  EXPECT_EQ(result.cases, 2 * 1 + 4 * 2 + 8 * 5 + 16 * 15 + 32 * 51 + 64 * 188);
  EXPECT_EQ(result.wrong, 0);
}

// In exact arithmetic any shift will do, since it cancels: the max is for range only.
struct FirstAsMax : Rational {
  Score max(const Score& s, const Score&) const { return s; }
};

TEST(Recurrence, DoesNotNeedTheMaxInExactArithmetic) {
  EXPECT_EQ(against_definition(form_in(FirstAsMax{})).wrong, 0);
}

// Wrong merges that the enumeration must see.
enum class Fault { none, rescale_only_l, rescale_only_o, rescale_nothing, forget_other, shift_by_other };

void faulty_merge_into(const Rational& k, ExactState& into, const ExactState& from, Fault fault) {
  const auto m = fault == Fault::shift_by_other ? into.m : k.max(into.m, from.m);
  const Number a = fault == Fault::shift_by_other ? k.one() : k.exp(k.sub(into.m, m));
  const Number b = fault == Fault::shift_by_other ? k.one() : k.exp(k.sub(from.m, m));
  const Number a_l = fault == Fault::rescale_only_o || fault == Fault::rescale_nothing ? Number(1) : a;
  const Number a_o = fault == Fault::rescale_only_l || fault == Fault::rescale_nothing ? Number(1) : a;
  into.m = m;
  into.l = into.l * a_l + (fault == Fault::forget_other ? Number(0) : Number(from.l * b));
  for (std::size_t c = 0; c < into.o.size(); ++c) into.o[c] = into.o[c] * a_o + from.o[c] * b;
}

std::optional<ExactState> faulty_run(const Schedule& schedule, const ExactRow& row, unsigned mask,
                                     Fault fault) {
  const Rational k;
  if (schedule.parts.empty()) {
    return run(k, schedule, row.scores, row.values, [mask](std::size_t j) { return (mask >> j & 1U) != 0; });
  }
  std::optional<ExactState> state;
  for (const auto& part : schedule.parts) {
    const auto next = faulty_run(part, row, mask, fault);
    if (state && next) {
      faulty_merge_into(k, *state, *next, fault);
    } else if (next) {
      state = next;
    }
  }
  return state;
}

TEST(Exhaustion, SeesEveryWrongMerge) {
  const auto wrong = [](Fault fault) {
    return against_definition([fault](const Schedule& schedule, const ExactRow& row, unsigned mask) {
             return output_of(faulty_run(schedule, row, mask, fault));
           })
        .wrong;
  };
  EXPECT_EQ(wrong(Fault::none), 0);
  for (const Fault fault : {Fault::rescale_only_l, Fault::rescale_only_o, Fault::rescale_nothing,
                            Fault::forget_other, Fault::shift_by_other}) {
    EXPECT_GT(wrong(fault), 1000) << static_cast<int>(fault);
  }
}

TEST(Recurrence, EqualsTheDefinitionForEveryOrderAndBracketingOfFiveKeys) {
  std::mt19937_64 random(11);
  const ExactRow row = random_row(random, 5);
  const auto expected = by_definition(row, 31);
  std::vector<std::size_t> order(5);
  std::iota(order.begin(), order.end(), 0);
  int cases = 0;
  do {
    ExactRow permuted;
    for (const std::size_t j : order) {
      permuted.scores.push_back(row.scores[j]);
      permuted.values.push_back(row.values[j]);
    }
    for (const auto& schedule : all_bracketings(5)) {
      ASSERT_EQ(output_of(run(Rational{}, schedule, permuted.scores, permuted.values)), expected);
      ++cases;
    }
  } while (std::next_permutation(order.begin(), order.end()));
  EXPECT_EQ(cases, 120 * 14);
}

}  // namespace
}  // namespace attest
