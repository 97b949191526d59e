// The model against its definition, in the semantics that it must run in.
#include <gtest/gtest.h>

#include "decoders.hpp"
#include "dense.hpp"
#include "semantics/emulated.hpp"
#include "semantics/interval.hpp"
#include "semantics/native.hpp"

namespace attest::attention {
namespace {

static_assert(semantics::Scoring<semantics::F32> && semantics::Scoring<semantics::F64> &&
              semantics::Scoring<semantics::Emulated<>> && semantics::Scoring<semantics::Interval> &&
              semantics::Scoring<semantics::Counting>);

const ModelShape kSmall{.layers = 2,
                        .hidden = 6,
                        .q_heads = 4,
                        .kv_heads = 2,
                        .head_dim = 4,
                        .mlp_hidden = 10,
                        .vocabulary = 11,
                        .prefix = 0};

ModelShape with_prefix() {
  ModelShape shape = kSmall;
  shape.prefix = 3;
  return shape;
}

// Narrow enclosures around the rows of the definition: every operation, constant and index is its. (Sine,
// cosine and the scale are constants in double on one side, long double on the other: the slack.)
TEST(Transformer, IsItsDefinition) {
  for (const ModelShape& shape :
       {kSmall, with_prefix(), ModelShape{.layers = 1, .q_heads = 1, .kv_heads = 1}}) {
    const Transformer<float> model = random_model(shape, 5);
    const Tokens tokens = some_tokens(5, shape);
    const semantics::Interval k(100);
    const auto rows = rows_by_kv_cache<semantics::Interval>(k, model_in(k, model), tokens);
    const auto expected = Dense(model).rows(tokens);
    for (std::size_t t = 0; t < tokens.size(); ++t) {
      for (std::size_t i = 0; i < shape.hidden; ++i) {
        const double middle = mpfi_get_d(rows[t][i].backend().data());
        ASSERT_NEAR(middle, static_cast<double>(expected[t][i]), 1e-13) << t << " " << i;
      }
    }
  }
}

TEST(Transformer, EmitsTheLogitsOfItsDefinition) {
  const Transformer<float> model = random_model(kSmall, 6);
  const Tokens tokens = some_tokens(4, kSmall);
  const semantics::F64 k;
  const auto in_k = model_in(k, model);
  const auto row = rows_by_kv_cache<semantics::F64>(k, in_k, tokens).back();
  const auto expected = Dense(model).logits(Dense(model).rows(tokens).back());
  std::vector<double> scratch(kSmall.hidden);
  std::size_t seen = 0;
  for_each_logit<semantics::F64>(k, in_k, row, scratch, [&](std::size_t token, double logit) {
    EXPECT_NEAR(logit, static_cast<double>(expected[token]), 1e-12);
    ++seen;
  });
  EXPECT_EQ(seen, kSmall.vocabulary);
}

template <class A>
void expect_same_bits(const A& k, const ModelShape& shape) {
  const auto model = model_in(k, random_model(shape, 7));
  const Tokens tokens = some_tokens(6, shape);
  const auto expected = rows_by_kv_cache<A>(k, model, tokens);
  EXPECT_EQ(rows_by_recompute<A>(k, model, tokens), expected);
  for (const auto& row : expected) {
    for (const auto number : row) ASSERT_TRUE(std::isfinite(number));
  }
}

TEST(Recompute, MakesTheBitsOfTheKvCache) {
  for (ModelShape shape : {kSmall, with_prefix()}) {
    for (shape.layers = 1; shape.layers <= 4; ++shape.layers) {
      expect_same_bits(semantics::F32{}, shape);
      expect_same_bits(semantics::F64{}, shape);
      expect_same_bits(semantics::Emulated<>{kBfloat16}, shape);
    }
  }
}

// Positions and prefixes are not decoration.
TEST(Transformer, DependsOnOrderAndPrefix) {
  const semantics::F64 k;
  const auto model = model_in(k, random_model(kSmall, 8));
  EXPECT_NE(rows_by_kv_cache<semantics::F64>(k, model, {1, 2, 3}).back(),
            rows_by_kv_cache<semantics::F64>(k, model, {2, 1, 3}).back());
  auto prefixed = model_in(k, random_model(with_prefix(), 8));
  const auto before = rows_by_kv_cache<semantics::F64>(k, prefixed, {1});
  prefixed.layers[0].prefix_values[0] += 1;
  EXPECT_NE(rows_by_kv_cache<semantics::F64>(k, prefixed, {1}), before);
}

TEST(ModelShape, CountsItsParameters) {
  double parameters = 0;
  const Transformer<float> model = random_model(with_prefix(), 1);
  for_each_tensor(model, [&](const auto&, const auto&, const std::vector<float>& tensor) {
    parameters += static_cast<double>(tensor.size());
  });
  EXPECT_EQ(parameters_of(with_prefix()), parameters);
}

TEST(ModelShape, SaysWhyAModelCannotHaveIt) {
  EXPECT_EQ(why_not(kSmall), "");
  ModelShape odd = kSmall;
  odd.head_dim = 3;
  EXPECT_NE(why_not(odd), "");
  ModelShape groups = kSmall;
  groups.kv_heads = 3;
  EXPECT_NE(why_not(groups), "");
  ModelShape none = kSmall;
  none.layers = 0;
  EXPECT_NE(why_not(none), "");
}

}  // namespace
}  // namespace attest::attention
