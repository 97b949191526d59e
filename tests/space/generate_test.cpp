#include "space/generate.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace attest::space {
namespace {

constexpr std::size_t kCharacters = 16;

const LanguageModel& trained() {
  static const LanguageModel model = read_language_model(trained_model_path());
  return model;
}

Generation generated(const std::string& prompt) {
  return generate(trained().transformer, tokens_of(trained(), prompt), kCharacters,
                  [](std::size_t, std::size_t, double) {});
}

TEST(Generate, BothDecodersWriteTheSameText) {
  const Generation g = generated("In the beginning God");
  EXPECT_TRUE(g.holds());
  EXPECT_EQ(g.kv_cache.tokens, g.constant_space.tokens);
  EXPECT_EQ(g.same_tokens(), kCharacters);
  EXPECT_EQ(g.same_rows(), kCharacters);
  const std::string text = text_of(trained(), g.constant_space.tokens);
  EXPECT_EQ(characters_of(text).size(), kCharacters);
  EXPECT_NE(text.find(' '), std::string::npos) << text;  // words
}

TEST(Generate, BothLedgersAreTheirClosedForms) {
  const std::size_t prompt = 7;
  const Generation g = generated("And God");
  const attention::ModelShape& s = trained().transformer.shape;
  std::uint64_t leaves = 0;  // C(t+2, 3) for each row that chooses a token
  for (std::uint64_t t = prompt; t < prompt + kCharacters; ++t) leaves += (t + 2) * (t + 1) * t / 6;
  EXPECT_EQ(g.constant_space.leaf_evaluations, leaves);
  EXPECT_EQ(constant_space_leaves(3, prompt, kCharacters), leaves);
  EXPECT_EQ(g.constant_space.working_words, 3 * (64 + 2 * 64 + 2 * 4) + 2 * 32 + 64 + 176);
  EXPECT_EQ(g.constant_space.working_words, attention::recompute_words(s).total());
  EXPECT_EQ(g.constant_space.tape_words, prompt + kCharacters - 1);
  EXPECT_EQ(g.kv_cache.leaf_evaluations, prompt + kCharacters - 1);
  EXPECT_EQ(g.kv_cache.working_words,
            2 * 3 * (prompt + kCharacters - 1) * 32 + (64 + 2 * 64 + 2 * 4) + 64 + 176);
  EXPECT_EQ(g.kv_cache.heap_allocations + g.constant_space.heap_allocations, 0U);
}

TEST(Generate, TakesTheSameSpaceHoweverMuchItWrites) {
  const Generation a = generated("A"), b = generated("And it came to pass");
  EXPECT_EQ(a.constant_space.working_words, b.constant_space.working_words);
  EXPECT_LT(a.kv_cache.working_words, b.kv_cache.working_words);
}

TEST(Generate, HoldsOnlyWhereEverythingIsTheSame) {
  const Generation good = generated("And God");
  ASSERT_TRUE(good.holds());
  const auto spoilt = [&](const auto& spoil) {
    Generation g = good;
    spoil(g);
    return !g.holds();
  };
  EXPECT_TRUE(spoilt([](Generation& g) { g.constant_space.tokens[9] ^= 1; }));
  EXPECT_TRUE(
      spoilt([](Generation& g) { g.kv_cache.rows[3][5] = std::nextafter(g.kv_cache.rows[3][5], 9.0F); }));
  EXPECT_TRUE(spoilt([](Generation& g) { ++g.constant_space.leaf_evaluations; }));
  EXPECT_TRUE(spoilt([](Generation& g) { --g.constant_space.working_words; }));
  EXPECT_TRUE(spoilt([](Generation& g) { g.kv_cache.exact = false; }));
  EXPECT_TRUE(spoilt([](Generation& g) { g.constant_space.tokens.pop_back(); }));
  EXPECT_FALSE(Generation{}.holds());
}

TEST(Generate, IsAFunctionOfTheWeights) {
  attention::Transformer<float> other = trained().transformer;
  for (float& weight : other.output) weight = -weight;
  const Tape prompt = tokens_of(trained(), "And God");
  const Generation g = generate(other, prompt, kCharacters, [](std::size_t, std::size_t, double) {});
  EXPECT_TRUE(g.holds());
  EXPECT_NE(g.constant_space.tokens, generated("And God").constant_space.tokens);
}

}  // namespace
}  // namespace attest::space
