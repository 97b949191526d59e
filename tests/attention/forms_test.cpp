// What the properties over forms (properties/forms) do not reach: bits that storage must not change, the
// guard and the lazy shift step by step, and causal rows that each have scores of their own.
#include <array>
#include <span>

#include <gtest/gtest.h>

#include "attention/causal.hpp"
#include "attention/decode.hpp"
#include "attention/guarded.hpp"
#include "attention/lazy.hpp"
#include "exact_rows.hpp"
#include "semantics/native.hpp"

namespace attest::attention {
namespace {

const semantics::Rational kExact;

TEST(Guarded, SurvivesAFullyMaskedTileInFloats) {
  const semantics::F32 k;
  const std::vector<float> masked(2, k.masked());
  const std::vector<std::vector<float>> values{{1.0F}, {2.0F}};
  auto state = empty_state(k, 1);
  guarded_absorb(k, state, masked, values);
  EXPECT_EQ(guarded_finalize(k, state)[0], 0);
  guarded_absorb(k, state, std::vector{-3.0F, k.masked()}, values);
  EXPECT_EQ(guarded_finalize(k, state)[0], 1);
}

// Why the guard is there.
TEST(Online, MakesANanOfAFullyMaskedFirstTileWithoutTheGuard) {
  const semantics::F32 k;
  State<semantics::F32> state{k.masked(), 0, {0}};
  absorb(k, state, std::vector{k.masked()}, std::vector<std::vector<float>>{{1.0F}});
  EXPECT_TRUE(std::isnan(state.l));
}

TEST(Lazy, KeepsItsShiftUntilTheMaxLagsByMoreThanTheThreshold) {
  const semantics::F64 k;
  const std::vector<std::vector<double>> value{{1.0}};
  auto state = block(k, std::vector{0.0}, value);
  lazy_absorb(k, state, std::vector{8.0}, value, 8.0);
  EXPECT_EQ(state.m, 0);
  lazy_absorb(k, state, std::vector{8.5}, value, 8.0);
  EXPECT_EQ(state.m, 8.5);
}

// One step, three ways to store the numerator, and the merge that a step is: the same bits.
TEST(Step, IsTheMergeWithTheBlockOfOneKeyBitForBitWhateverTheStorage) {
  const semantics::F32 k;
  std::mt19937_64 random(9);
  std::normal_distribution<float> normal(0, 3);
  std::vector<float> workspace(3, 0.0F);
  State<semantics::F32> merged{0.5F, 1.0F, {1.0F, -2.0F, 3.0F}};
  State<semantics::F32> stepped = merged;
  State<semantics::F32, std::array<float, 3>> fixed{0.5F, 1.0F, {1.0F, -2.0F, 3.0F}};
  std::copy(merged.o.begin(), merged.o.end(), workspace.begin());
  State<semantics::F32, std::span<float>> viewed{0.5F, 1.0F, workspace};
  for (int j = 0; j < 1000; ++j) {
    const float score = normal(random);
    const std::vector<float> value{normal(random), normal(random), normal(random)};
    merge_into(k, merged, block(k, std::vector{score}, std::vector<std::vector<float>>{value}));
    step(k, stepped, score, value);
    step(k, fixed, score, value);
    step(k, viewed, score, value);
    ASSERT_EQ(stepped.o, merged.o);
    ASSERT_EQ(stepped.l, merged.l);
    ASSERT_EQ(workspace, merged.o);
    ASSERT_EQ(std::vector<float>(fixed.o.begin(), fixed.o.end()), merged.o);
  }
  EXPECT_GT(merged.l, 1);
}

// A causal problem: weights w[i][j], any positive numbers, which no query and key vectors need to explain.
struct Causal {
  std::vector<std::vector<semantics::Rational::Score>> weights;
  std::vector<std::vector<Number>> values;
};

Causal random_causal(std::size_t rows, std::size_t keys) {
  std::mt19937_64 random(10);
  Causal problem;
  for (std::size_t i = 0; i < rows; ++i) problem.weights.push_back(random_row(random, keys).scores);
  problem.values = random_row(random, keys).values;
  return problem;
}

TEST(Prefill, SeesTheKeysUpToItsPositionOnly) {
  const Causal p = random_causal(5, 6);
  const auto score = [&](std::size_t i, std::size_t j) { return p.weights[i][j]; };
  for (int offset = -3; offset <= 3; ++offset) {
    const auto states = prefill(kExact, 5, CausalMask{offset}, tiled(6, 2), score, p.values);
    for (int i = 0; i < 5; ++i) {
      const int visible = std::clamp(i + offset + 1, 0, 6);
      const auto row = static_cast<std::size_t>(i);
      EXPECT_EQ(output_of(states[row]), by_definition({p.weights[row], p.values}, (1U << visible) - 1))
          << "row " << i << " offset " << offset;
    }
  }
}

std::vector<std::vector<Number>> prefill_outputs(const Causal& p) {
  const auto score = [&](std::size_t i, std::size_t j) { return p.weights[i][j]; };
  std::vector<std::vector<Number>> outputs;
  for (const auto& state :
       prefill(kExact, p.values.size(), CausalMask{}, sequential(p.values.size()), score, p.values)) {
    outputs.push_back(*output_of(state));
  }
  return outputs;
}

TEST(Decode, EqualsPrefill) {
  const Causal p = random_causal(7, 7);
  const auto expected = prefill_outputs(p);
  const auto score = [&](std::size_t i, std::size_t j) { return p.weights[i][j]; };
  Cache<semantics::Rational, std::size_t> cache;
  for (std::size_t t = 0; t < 7; ++t) {
    EXPECT_EQ(finalize(kExact, decode(kExact, cache, t, t, p.values[t], score)), expected[t]) << t;
  }
}

// Every way of cutting seven rows into chunks: bit t of `cuts` ends a chunk after row t.
TEST(ChunkedPrefill, EqualsPrefillForEveryCutIntoChunks) {
  const Causal p = random_causal(7, 7);
  const auto expected = prefill_outputs(p);
  const auto score = [&](std::size_t i, std::size_t j) { return p.weights[i][j]; };
  for (unsigned cuts = 0; cuts < 64; ++cuts) {
    Cache<semantics::Rational, std::size_t> cache;
    std::vector<std::vector<Number>> outputs;
    std::vector<std::size_t> tokens;
    for (std::size_t t = 0; t < 7; ++t) {
      tokens.push_back(t);
      if (t < 6 && (cuts >> t & 1U) == 0) continue;
      const auto first = p.values.begin() + static_cast<std::ptrdiff_t>(tokens.front());
      const std::vector<std::vector<Number>> values(first,
                                                    p.values.begin() + static_cast<std::ptrdiff_t>(t) + 1);
      for (const auto& state : prefill_chunk(kExact, cache, tokens, tokens, values, 1 + cuts % 3, score)) {
        outputs.push_back(finalize(kExact, state));
      }
      tokens.clear();
    }
    EXPECT_EQ(outputs, expected) << cuts;
  }
}

}  // namespace
}  // namespace attest::attention
