// Counted runs against the closed forms, to the operation.
#include "space/closed_forms.hpp"

#include <gtest/gtest.h>

#include "space/count.hpp"

namespace attest::space {
namespace {

const attention::ModelShape kSmall{.layers = 3,
                                   .hidden = 5,
                                   .q_heads = 4,
                                   .kv_heads = 2,
                                   .head_dim = 2,
                                   .mlp_hidden = 3,
                                   .vocabulary = 2,
                                   .prefix = 0};

struct Measured {
  attention::Work work;
  semantics::OperationCounts operations;
  std::vector<std::uint64_t> leaves;  ///< of each row
};

template <class A>
Measured measure(const attention::Evaluator& e, const attention::ModelShape& shape, std::size_t length) {
  Measured measured;
  const A k{&measured.operations};
  const attention::Words words = attention::words_of(e, shape, length);
  std::vector<typename A::Acc> numbers(words.numbers);
  std::vector<typename A::Score> maxima(words.maxima);
  const std::vector<std::uint32_t> tokens(length, 1);
  std::uint64_t before = 0;
  evaluate<A>(
      e, k, model_in(k, attention::random_model(shape, 1)), tokens, {numbers, maxima},
      [&](std::size_t, attention::ConstNumbers<A>) {
        measured.leaves.push_back(measured.work.leaves - before);
        before = measured.work.leaves;
      },
      attention::WorkTrace(&measured.work));
  return measured;
}

TEST(ClosedForms, AreBinomials) {
  EXPECT_EQ(Count::binomial(5, 2).value(), 10U);
  EXPECT_EQ(Count::binomial(5, 0).value(), 1U);
  EXPECT_EQ(Count::binomial(2, 3).value(), 0U);
  EXPECT_EQ(Count::binomial(259, 4).value(), 183181376U);
  EXPECT_EQ(Count::binomial(67, 33).value(), 14226520737620288370U);  // the largest row that fits
  EXPECT_EQ(Count::binomial(68, 34).value(), std::nullopt);
}

TEST(ClosedForms, GiveTheLeavesOfEveryRow) {
  for (std::size_t layers = 1; layers <= 4; ++layers) {
    attention::ModelShape shape = kSmall;
    shape.layers = layers;
    const Measured measured =
        measure<semantics::BulkCounting>({attention::EvaluatorKind::recompute}, shape, 24);
    for (std::size_t t = 1; t <= 24; ++t) EXPECT_EQ(measured.leaves[t - 1], leaves_of_row(layers, t)) << t;
  }
}

std::vector<attention::Evaluator> every_evaluator() {
  std::vector<attention::Evaluator> all;
  for (const attention::EvaluatorKind kind :
       {attention::EvaluatorKind::recompute, attention::EvaluatorKind::row_blocks,
        attention::EvaluatorKind::segments, attention::EvaluatorKind::kv_cache,
        attention::EvaluatorKind::rolling, attention::EvaluatorKind::chunked,
        attention::EvaluatorKind::tiled}) {
    for (const std::size_t parameter : {1U, 2U, 3U, 5U, 40U}) all.push_back({kind, parameter});
  }
  return all;
}

TEST(ClosedForms, GiveTheWorkOfAllRowsForEveryEvaluator) {
  for (const attention::Evaluator& e : every_evaluator()) {
    for (std::size_t layers = 1; layers <= 5; ++layers) {
      attention::ModelShape shape = kSmall;
      shape.layers = layers;
      for (const std::size_t length : {1U, 2U, 5U, 11U}) {
        const auto expected = work_of_rows(e, shape, length);
        const attention::Work work = measure<semantics::BulkCounting>(e, shape, length).work;
        EXPECT_EQ(work.leaves, expected->leaves)
            << static_cast<int>(e.kind) << " " << e.parameter << " N " << layers << " L " << length;
        EXPECT_EQ(work.cached, expected->cached);
        EXPECT_EQ(work.steps, expected->steps);
      }
    }
  }
}

// Booking a loop's cost in one go, or one operation after another, is the same; and both are the closed form.
TEST(ClosedForms, CountEveryOperation) {
  for (const std::size_t prefix : {0U, 2U}) {
    attention::ModelShape shape = kSmall;
    shape.prefix = prefix;
    semantics::OperationCounts expected;
    for (std::size_t t = 1; t <= 6; ++t) expected = expected + operations_of_row(shape, t);
    EXPECT_EQ(measure<semantics::Counting>({attention::EvaluatorKind::recompute}, shape, 6).operations,
              expected);
    for (const attention::Evaluator& e : every_evaluator()) {
      EXPECT_EQ(measure<semantics::BulkCounting>(e, shape, 6).operations,
                measure<semantics::Counting>(e, shape, 6).operations);
    }
  }
}

TEST(ClosedForms, SayWhenACountDoesNotFit) {
  attention::ModelShape deep = kSmall;
  deep.layers = 80;
  EXPECT_EQ(work_of_rows({attention::EvaluatorKind::recompute}, deep, 4096), std::nullopt);
  EXPECT_NE(work_of_rows({attention::EvaluatorKind::kv_cache}, deep, 4096), std::nullopt);
}

}  // namespace
}  // namespace attest::space
