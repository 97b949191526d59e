// The ledger and the frontier: everything measured is what its formula says, and a wrong figure would show.
#include "space/ledger.hpp"

#include <gtest/gtest.h>

namespace attest::space {
namespace {

const attention::ModelShape kShape{.layers = 3,
                                   .hidden = 4,
                                   .q_heads = 2,
                                   .kv_heads = 1,
                                   .head_dim = 2,
                                   .mlp_hidden = 3,
                                   .vocabulary = 7,
                                   .prefix = 0};

const auto kSilent = [](const std::string&) {};

TEST(Ledger, HoldsForEveryEvaluator) {
  const auto entries = measure_ledger(attention::random_model(kShape, 1), 20, 1, 1'000'000, kSilent);
  EXPECT_GE(entries.size(), 12U);
  for (const LedgerEntry& e : entries) {
    EXPECT_TRUE(e.holds()) << e.name;
    EXPECT_EQ(e.length, 20U);
    EXPECT_EQ(e.tape_words, 20U);
    EXPECT_GT(e.stack_bytes, 0U);
    EXPECT_LT(e.max_difference, 1e-5) << e.name;
    EXPECT_EQ(e.max_difference == 0, e.same_bits) << e.name;
  }
  EXPECT_EQ(entries.front().name, "full recomputation");
  EXPECT_EQ(entries.front().leaf_evaluations, 8855U);  // C(23, 4)
  EXPECT_EQ(entries.back().name, "KV cache");
  EXPECT_EQ(entries.back().leaf_evaluations, 20U);
}

TEST(Ledger, HoldsAtEveryLength) {
  for (std::size_t length = 1; length <= 18; ++length) {
    for (const LedgerEntry& e :
         measure_ledger(attention::random_model(kShape, 1), length, 1, 1'000'000, kSilent))
      EXPECT_TRUE(e.holds()) << e.name << " at " << length;
  }
}

TEST(Ledger, CountsALearnedPrefixApart) {
  attention::ModelShape shape = kShape;
  shape.prefix = 5;
  const auto entries = measure_ledger(attention::random_model(shape, 1), 6, 1, 1'000'000, kSilent);
  for (const LedgerEntry& e : entries) {
    EXPECT_TRUE(e.holds()) << e.name;
    EXPECT_EQ(e.prefix_words, 3U * 5U * 4U);  // layers, prefix, a key and a value of 2
  }
  EXPECT_EQ(
      entries.front().working_words,
      measure_ledger(attention::random_model(kShape, 1), 6, 1, 1'000'000, kSilent).front().working_words);
}

TEST(Ledger, StopsWhereAnEvaluatorIsNotAffordable) {
  const auto entries = measure_ledger(attention::random_model(kShape, 1), 40, 1, 500, kSilent);
  EXPECT_EQ(entries.front().length, 8U);  // C(9,2) + C(10,3) + C(11,4) = 486 steps; at 9, 705
  for (const LedgerEntry& e : entries) {
    EXPECT_LE(e.steps, 500U) << e.name;
    EXPECT_TRUE(e.holds()) << e.name;
  }
}

TEST(Ledger, FailsWhenAFigureIsOff) {
  const LedgerEntry good =
      measure_ledger(attention::random_model(kShape, 1), 4, 1, 1'000'000, kSilent).front();
  ASSERT_TRUE(good.holds());
  const auto spoiled = [&](auto spoil) {
    LedgerEntry entry = good;
    spoil(entry);
    return !entry.holds();
  };
  EXPECT_TRUE(spoiled([](LedgerEntry& e) { ++e.working_words; }));
  EXPECT_TRUE(spoiled([](LedgerEntry& e) { ++e.leaf_evaluations; }));
  EXPECT_TRUE(spoiled([](LedgerEntry& e) { ++e.steps; }));
  EXPECT_TRUE(spoiled([](LedgerEntry& e) { ++e.heap_allocations; }));
  EXPECT_TRUE(spoiled([](LedgerEntry& e) { e.same_bits = false; }));
}

TEST(Frontier, HasManyPointsBetweenTheEndsAndCountsEach) {
  const auto points = measure_frontier(kShape, 48, 100'000'000, [](const std::string&, auto, auto) {});
  std::size_t between = 0;
  std::size_t words = 0;
  for (const FrontierPoint& p : points) {
    EXPECT_TRUE(p.counted && p.holds()) << p.name;
    EXPECT_GE(p.words, words);
    words = p.words;
    if (p.leaf_evaluations > 48 && p.leaf_evaluations < points.front().leaf_evaluations) ++between;
  }
  EXPECT_EQ(points.front().name, "full recomputation");
  EXPECT_EQ(points.front().leaf_evaluations, 249900U);  // C(51, 4)
  EXPECT_GE(between, 6U);
}

TEST(Frontier, GivesTheClosedFormAloneWhereCountingWouldTakeTooLong) {
  const auto points = measure_frontier(kShape, 48, 1000, [](const std::string&, auto, auto) {});
  EXPECT_FALSE(points.front().counted);
  EXPECT_EQ(points.front().closed_form->leaves, 249900U);
}

}  // namespace
}  // namespace attest::space
