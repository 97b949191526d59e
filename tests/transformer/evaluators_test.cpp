// Every evaluator compared with the KV cache: the same bits where it does the same operations, enclosures of
// the same numbers where it does not.
#include <gtest/gtest.h>

#include "attention/transformer/evaluator.hpp"
#include "decoders.hpp"
#include "semantics/emulated.hpp"
#include "semantics/interval.hpp"
#include "semantics/native.hpp"

namespace attest::attention {
namespace {

ModelShape small(std::size_t layers, std::size_t prefix = 0) {
  return {.layers = layers,
          .hidden = 6,
          .q_heads = 4,
          .kv_heads = 2,
          .head_dim = 2,
          .mlp_hidden = 5,
          .vocabulary = 11,
          .prefix = prefix};
}

std::vector<Evaluator> evaluators() {
  std::vector<Evaluator> all{{EvaluatorKind::recompute}, {EvaluatorKind::kv_cache}, {EvaluatorKind::rolling}};
  for (const std::size_t parameter : {1U, 2U, 3U, 7U, 20U}) {
    for (const EvaluatorKind kind :
         {EvaluatorKind::row_blocks, EvaluatorKind::segments, EvaluatorKind::chunked, EvaluatorKind::tiled})
      all.push_back({kind, parameter});
  }
  return all;
}

template <semantics::Scoring A>
Rows<A> rows_by(const Evaluator& e, const A& k, const Transformer<typename A::Acc>& model,
                const Tokens& tokens) {
  Memory<A> memory(words_of(e, model.shape, tokens.size()));
  Rows<A> rows;
  evaluate<A>(e, k, model, tokens, memory.workspace(), [&](std::size_t t, ConstNumbers<A> x) {
    EXPECT_EQ(t, rows.size());
    rows.emplace_back(x.begin(), x.end());
  });
  EXPECT_EQ(rows.size(), tokens.size());
  return rows;
}

template <semantics::Scoring A>
void expect_same_bits(const A& k, const ModelShape& shape, std::size_t length) {
  const auto model = model_in(k, random_model(shape, 3));
  const Tokens tokens = some_tokens(length, shape);
  const auto expected = rows_by_kv_cache(k, model, tokens);
  for (const Evaluator& e : evaluators()) {
    if (!keeps_bits(e)) continue;
    EXPECT_EQ(rows_by(e, k, model, tokens), expected)
        << static_cast<int>(e.kind) << " " << e.parameter << ", " << shape.layers << " layers";
  }
}

TEST(Evaluators, AgreeBitForBitWhereTheyDoTheSameOperations) {
  for (std::size_t layers = 1; layers <= 4; ++layers) {
    for (const std::size_t length : {1U, 2U, 8U}) {
      expect_same_bits(semantics::F32{}, small(layers), length);
      expect_same_bits(semantics::Emulated<>{kBfloat16}, small(layers, 2), length);
    }
  }
}

double lower(const semantics::Interval::Number& x) { return mpfr_get_d(x.backend().left_data(), MPFR_RNDD); }
double upper(const semantics::Interval::Number& x) { return mpfr_get_d(x.backend().right_data(), MPFR_RNDU); }

// Intervals of 53 bits round outward to where f64 rounds to nearest, so they contain the f64 run of the same
// operations, and the exact value (exp is faithful: below 1 ulp). The exact value is known to 200 bits.
TEST(Evaluators, LieInTheirEnclosuresOfOneExactValue) {
  const ModelShape shape = small(2, 1);
  const Transformer<float> weights = random_model(shape, 4);
  const Tokens tokens = some_tokens(7, shape);
  const semantics::Interval exact_numbers(200), enclosures(53);
  const auto exact = rows_by_kv_cache(exact_numbers, model_in(exact_numbers, weights), tokens);
  for (const Evaluator& e : evaluators()) {
    const auto enclosed = rows_by(e, enclosures, model_in(enclosures, weights), tokens);
    const auto floats = rows_by(e, semantics::F64{}, model_in(semantics::F64{}, weights), tokens);
    for (std::size_t t = 0; t < tokens.size(); ++t) {
      for (std::size_t i = 0; i < shape.hidden; ++i) {
        const double low = lower(enclosed[t][i]), high = upper(enclosed[t][i]);
        ASSERT_LE(low, floats[t][i]);
        ASSERT_GE(high, floats[t][i]);
        ASSERT_LE(low, lower(exact[t][i]));
        ASSERT_GE(high, upper(exact[t][i]));
        ASSERT_LT(high - low,
                  1e-6);  // narrow enough to mean something
      }
    }
  }
}

// Chunks and tiles do not keep the bits: the enclosures above are not there for nothing.
TEST(Evaluators, RoundOtherwiseInChunksAndTiles) {
  const auto model = model_in(semantics::F32{}, random_model(small(2), 3));
  const Tokens tokens = some_tokens(20, model.shape);
  const auto expected = rows_by_kv_cache(semantics::F32{}, model, tokens);
  EXPECT_NE(rows_by({EvaluatorKind::chunked, 7}, semantics::F32{}, model, tokens), expected);
  EXPECT_NE(rows_by({EvaluatorKind::tiled, 7}, semantics::F32{}, model, tokens), expected);
}

}  // namespace
}  // namespace attest::attention
