// The oneDNN adapter on inputs whose result is known exactly: which keys a row sees, in which layout, and
// what is declined. A leak of one key changes these outputs completely.
#include <cmath>
#include <limits>
#include <random>

#include <gtest/gtest.h>

#include "onednn_support.hpp"

namespace attest::onednn_tests {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

void expect_dominating_values(const Problem& problem) {
  ASSERT_EQ(why_invalid(problem), "");
  EXPECT_EQ(largest_difference(output_of(problem), dominating_values(problem)), 0) << describe(problem);
}

// Key j has value j + 1 and the largest or smallest index dominates, so that outputs name the limits of a
// row.
std::vector<double> limits(Problem problem, bool last) {
  for (std::int64_t j = 0; j < problem.kv_len(); ++j) {
    problem.k.set({0, 0, j, 0}, 128.0 * static_cast<double>(last ? j : problem.kv_len() - j));
    problem.v.set({0, 0, j, 0}, static_cast<double>(j + 1));
  }
  problem.q.assign(std::vector<double>(static_cast<std::size_t>(problem.q.count()), 1.0));
  return output_of(problem).values();
}

void hide_at_random(Tensor& tensor, double hidden, double shown, std::uint64_t seed) {
  std::mt19937_64 generator(seed);
  std::bernoulli_distribution hides(0.4);
  std::vector<double> values(static_cast<std::size_t>(tensor.count()));
  for (std::size_t i = 0; i < values.size(); ++i) {
    // Every third key stays visible, so that no row is empty.
    values[i] = i % 3 != 0 && hides(generator) ? hidden : shown;
  }
  tensor.assign(values);
}

TEST(Onednn, MeansIntegersExactlyWhenAllScoresAreEqual) {
  for (const std::int64_t keys : {1, 2, 4, 16, 64, 512}) {
    Problem problem = zeros({2, 4, 2, 3, keys, 5, 2});
    double sum = 0;
    for (std::int64_t j = 0; j < keys; ++j) sum += static_cast<double>(j * j % 97);
    for (std::int64_t b = 0; b < 2; ++b) {
      for (std::int64_t h = 0; h < 2; ++h) {
        for (std::int64_t j = 0; j < keys; ++j) {
          problem.v.set({b, h, j, 0}, static_cast<double>(j * j % 97));
          problem.v.set({b, h, j, 1}, static_cast<double>(-(j * j % 97)));
        }
      }
    }
    const Tensor out = output_of(problem);
    for_each_row(problem, [&](std::int64_t b, std::int64_t h, std::int64_t i) {
      EXPECT_EQ(out.at({b, h, i, 0}), sum / static_cast<double>(keys));
      EXPECT_EQ(out.at({b, h, i, 1}), -sum / static_cast<double>(keys));
    });
  }
}

TEST(Onednn, CausalRowsEndWhereTheAbiSays) {
  Problem problem = zeros({1, 1, 1, 2, 4, 1, 1});
  problem.causal = Causal::bottom_right;
  EXPECT_EQ(limits(problem, true), (std::vector<double>{3, 4}));
  problem.causal = Causal::top_left;
  EXPECT_EQ(limits(problem, true), (std::vector<double>{1, 2}));
  problem = zeros({1, 1, 1, 5, 3, 1, 1});
  problem.causal = Causal::top_left;
  EXPECT_EQ(limits(problem, true), (std::vector<double>{1, 2, 3, 3, 3}));
}

TEST(Onednn, WindowsLimitBothSides) {
  Problem problem = zeros({1, 1, 1, 3, 5, 1, 1});  // pos(i) = i + 2
  problem.window_left = 1;
  EXPECT_EQ(limits(problem, false), (std::vector<double>{2, 3, 4}));
  EXPECT_EQ(limits(problem, true), (std::vector<double>{5, 5, 5}));
  problem.window_right = 1;
  EXPECT_EQ(limits(problem, true), (std::vector<double>{4, 5, 5}));
  problem.causal = Causal::top_left;  // pos(i) = i
  EXPECT_EQ(limits(problem, false), (std::vector<double>{1, 1, 2}));
  problem.window_left = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(limits(problem, false), (std::vector<double>{1, 1, 1}));
}

TEST(Onednn, EachQueryHeadReadsItsOwnKeyHeadAndBatch) {
  expect_dominating_values(dominated({3, 4, 4, 2, 9, 3, 2}, DType::f32, 1));
  expect_dominating_values(dominated({3, 6, 2, 5, 17, 3, 2}, DType::f32, 2));
  expect_dominating_values(dominated({2, 7, 1, 1, 33, 8, 5}, DType::f32, 3));
}

TEST(Onednn, MasksHideKeysInEveryBroadcastShape) {
  const Shape shape{2, 6, 3, 4, 15, 2, 3};
  for (const bool grouped : {true, false}) {
    for (int broadcast = 0; broadcast < 8; ++broadcast) {
      Shape s = shape;
      if (!grouped) s.kv_heads = s.q_heads;
      Problem problem = dominated(s, DType::f32, 7);
      const std::vector<std::int64_t> extents{(broadcast & 1) != 0 ? 1 : s.batch,
                                              (broadcast & 2) != 0 ? 1 : s.q_heads,
                                              (broadcast & 4) != 0 ? 1 : s.q_len, s.kv_len};
      problem.mask = Tensor(DType::u8, extents);
      hide_at_random(*problem.mask, 0, 1, 11);
      expect_dominating_values(problem);
      problem.mask.reset();
      problem.bias = Tensor(DType::f32, extents);
      hide_at_random(*problem.bias, -kInfinity, 0, 13);
      expect_dominating_values(problem);
    }
  }
}

TEST(Onednn, AddsFiniteBiasToTheScore) {
  Problem problem = zeros({1, 2, 1, 3, 5, 1, 1});
  for (std::int64_t j = 0; j < 5; ++j) problem.v.set({0, 0, j, 0}, static_cast<double>(j + 1));
  problem.bias = Tensor(DType::f32, {1, 2, 3, 5});
  for_each_row(problem, [&](std::int64_t, std::int64_t h, std::int64_t i) {
    problem.bias->set({0, h, i, 2 * h + i}, 200);
  });
  const Tensor out = output_of(problem);
  for_each_row(problem, [&](std::int64_t, std::int64_t h, std::int64_t i) {
    EXPECT_EQ(out.at({0, h, i, 0}), static_cast<double>(2 * h + i + 1));
  });
}

TEST(Onednn, AlibiFavoursTheKeyAtTheRowsOwnPosition) {
  Problem problem = zeros({1, 2, 2, 3, 5, 1, 1});  // pos(i) = i + 2
  for (std::int64_t j = 0; j < 5; ++j) {
    for (std::int64_t h = 0; h < 2; ++h) problem.v.set({0, h, j, 0}, static_cast<double>(j + 1));
  }
  problem.alibi_slopes = Tensor(DType::f32, {2});
  problem.alibi_slopes->assign({200, -200});
  // Head 0 sees the nearest key, head 1 the furthest: for row 0 keys 0 and 4 alike, the mean of 1 and 5.
  EXPECT_EQ(output_of(problem).values(), (std::vector<double>{3, 4, 5, 3, 1, 1}));
}

TEST(Onednn, SoftcapLimitsScores) {
  // Uncapped, key 0 outweighs key 1 by e^1000; capped at 2^-60, both weights round to 1.
  Problem problem = zeros({1, 1, 1, 1, 2, 1, 1});
  problem.q.set({0, 0, 0, 0}, 1);
  problem.k.assign({500, -500});
  problem.v.assign({1, 3});
  EXPECT_EQ(output_of(problem).values(), (std::vector<double>{1}));
  problem.softcap = 0x1p-60;
  EXPECT_EQ(output_of(problem).values(), (std::vector<double>{2}));
}

TEST(Onednn, ReadsNothingAtAndPastKvLens) {
  for (const bool grouped : {false, true}) {
    Problem problem = dominated({3, 4, grouped ? 2 : 4, 3, 9, 2, 2}, DType::f32, 5);
    problem.causal = Causal::bottom_right;
    problem.kv_lens = Tensor(DType::i32, {3});
    problem.kv_lens->assign({9, 3, 5});
    for (std::int64_t b = 0; b < 3; ++b) {
      for (auto j = static_cast<std::int64_t>(problem.kv_lens->at({b})); j < 9; ++j) {
        for (std::int64_t h = 0; h < problem.kv_heads(); ++h) {
          problem.k.set({b, h, j, 0}, NAN);
          problem.v.set({b, h, j, 1}, NAN);
        }
      }
    }
    expect_dominating_values(problem);
  }
}

TEST(Onednn, AcceptsInputsOfAnyStrides) {
  const Shape s{2, 4, 2, 3, 8, 5, 6};
  const std::vector<std::vector<std::int64_t>> k_strides{
      {144, 72, 9, 1},   // padded rows
      {80, 5, 10, 1},    // [batch, kv_len, head, dim]
      {80, 40, 1, 8},    // transposed
      {160, 80, 10, 2},  // every second element
      {0, 40, 5, 1},     // one batch for all
      {40, 0, 5, 1},     // one head for all
  };
  for (const auto& strides : k_strides) {
    Problem problem = dominated(s, DType::f32, 22);
    problem.k = problem.k.with_strides(strides);
    expect_dominating_values(problem);
    problem.q = problem.q.with_strides({0, 0, 0, 1});
    problem.v = problem.v.with_strides({96, 48, 1, 8});
    expect_dominating_values(problem);
  }
}

TEST(Onednn, AcceptsInterleavedAndBroadcastStrides) {
  Problem problem = dominated({2, 4, 2, 3, 8, 1, 6}, DType::f32, 23);
  problem.k = problem.k.with_strides({40, 3, 2, 1});  // head 1 lies between the keys of head 0
  expect_dominating_values(problem);
  problem.v = problem.v.with_strides({16, 8, 1, 0});  // all channels are one
  expect_dominating_values(problem);
  problem.mask = Tensor(DType::u8, {2, 1, 3, 8}, {8, 1, 0, 1});
  hide_at_random(*problem.mask, 0, 1, 24);
  expect_dominating_values(problem);
}

TEST(Onednn, GivesTheSameBitsAgain) {
  const Problem problem = random_problem({2, 6, 3, 33, 65, 20, 17}, DType::f32, 31);
  EXPECT_EQ(output_of(problem).bytes(), output_of(problem).bytes());
}

TEST(Onednn, AcceptsAnEmptyQuery) {
  EXPECT_EQ(output_of(zeros({2, 4, 2, 0, 5, 3, 2})).count(), 0);
  EXPECT_EQ(output_of(zeros({2, 4, 4, 0, 0, 3, 2})).count(), 0);
}

TEST(Onednn, ComputesBf16WhereItDeclaresAContractForIt) {
  const Problem problem = dominated({2, 4, 2, 3, 13, 2, 3}, DType::bf16, 3);
  if (info().contract.find("bf16") == std::string::npos) {
    EXPECT_EQ(run(problem).status, kernel::RunStatus::unsupported);
  } else {
    expect_dominating_values(problem);
  }
}

}  // namespace
}  // namespace attest::onednn_tests
