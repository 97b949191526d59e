#include "semantics/dual.hpp"

#include <random>

#include <gtest/gtest.h>

#include "attention/run.hpp"
#include "laws.hpp"
#include "semantics/native.hpp"
#include "semantics/rational.hpp"

namespace attest::semantics {
namespace {

using Exact = Dual<Rational>;
using Number = Rational::Number;

static_assert(Semantics<Exact> && Semantics<Dual<F64>>);

// A source of rationals; as the derivative of every maximum, too.
struct RandomRationals {
  std::mt19937_64 random{1};
  Number operator()() {
    return Number(std::uniform_int_distribution<int>(-99, 99)(random),
                  std::uniform_int_distribution<int>(1, 99)(random));
  }
};

struct DualSubject {
  using A = Exact;
  static constexpr bool kExact = true;
  static constexpr bool kOrdered = false;  // the derivative of a maximum is random

  const A& semantics() const { return k; }
  A::Acc number() { return {draw(), draw()}; }
  A::Acc nonzero() { return {abs(draw()) + 1, draw()}; }
  A::Score score() { return {{abs(draw()) + 1}, draw()}; }
  laws::Truth same(const A::Acc& x, const A::Acc& y) const {
    return x.value == y.value && x.slope == y.slope ? laws::Truth::yes : laws::Truth::no;
  }
  laws::Truth same(const A::Score& s, const A::Score& t) const {
    return same(A::Acc{s.value.weight, s.slope}, A::Acc{t.value.weight, t.slope});
  }

  RandomRationals draw;
  A k{{}, RandomRationals{}};
};

TEST(Dual, KeepsTheLawsExactly) {
  DualSubject subject;
  EXPECT_EQ(laws::violated(laws::check(subject, 100)), "");
}

struct Row {
  std::vector<Exact::Score> scores;
  std::vector<std::vector<Exact::Acc>> values;
};

Row random_row(std::size_t keys) {
  RandomRationals draw{std::mt19937_64(8)};
  Row row;
  for (std::size_t j = 0; j < keys; ++j) {
    row.scores.push_back({{abs(draw()) + 1}, draw()});
    row.values.push_back({{draw(), draw()}});
  }
  return row;
}

// o' = sum p_j (v_j - o) s_j' + sum p_j v_j', from the definition of softmax.
Exact::Acc by_definition(const Row& row) {
  Number total = 0;
  Number mean = 0;
  for (const auto& s : row.scores) total += s.value.weight;
  for (std::size_t j = 0; j < row.scores.size(); ++j) {
    mean += row.scores[j].value.weight / total * row.values[j][0].value;
  }
  Number slope = 0;
  for (std::size_t j = 0; j < row.scores.size(); ++j) {
    const Number p = row.scores[j].value.weight / total;
    slope += p * ((row.values[j][0].value - mean) * row.scores[j].slope + row.values[j][0].slope);
  }
  return {mean, slope};
}

TEST(Dual, DifferentiatesTheOutputExactlyWhateverTheDerivativesOfTheMaxima) {
  const Row row = random_row(9);
  const Exact::Acc expected = by_definition(row);
  for (const auto& schedule :
       {attention::sequential(9), attention::tiled(9, 4), attention::tree(9), attention::split_k(9, 3, 2)}) {
    int maxima = 0;
    const Exact k{{}, [&maxima, draw = RandomRationals{}]() mutable { return ++maxima, draw(); }};
    const auto output = attention::finalize(k, *attention::run(k, schedule, row.scores, row.values))[0];
    EXPECT_EQ(output.value, expected.value);
    EXPECT_EQ(output.slope, expected.slope);
    EXPECT_EQ(maxima, 8);
  }
}

// A denominator that misses a rescale by a changed maximum keeps the maximum's derivative.
struct ForgetsARescale : Exact {
  Acc exp(const Score& s) const {
    return ++*calls == 4 ? Acc{base.exp(s.value), base.zero()} : Exact::exp(s);
  }
  int* calls = nullptr;
};

TEST(Dual, ShowsAShiftThatDoesNotCancel) {
  const Row row = random_row(4);
  int calls = 0;
  ForgetsARescale k{};
  k.shift_slope = RandomRationals{};
  k.calls = &calls;
  const auto output =
      attention::finalize(k, *attention::run(k, attention::tiled(4, 2), row.scores, row.values))[0];
  EXPECT_EQ(output.value, by_definition(row).value);
  EXPECT_NE(output.slope, by_definition(row).slope);
}

TEST(Dual, AgreesWithADifferenceQuotientInDouble) {
  const std::vector<double> scores{0.25, -1.5, 2.0};
  const std::vector<double> slopes{1.0, -0.5, 0.75};
  const std::vector<std::vector<double>> values{{3.0}, {-1.0}, {0.5}};
  const double h = 0x1p-20;
  const auto shifted = [&](double by) {
    std::vector<double> moved(scores);
    for (std::size_t j = 0; j < 3; ++j) moved[j] += by * slopes[j];
    return attention::finalize(F64{}, *attention::run(F64{}, attention::sequential(3), moved, values))[0];
  };
  const Dual<F64> k{{}, [] { return 1234.5; }};
  std::vector<Dual<F64>::Score> dual_scores;
  std::vector<std::vector<Dual<F64>::Acc>> dual_values;
  for (std::size_t j = 0; j < 3; ++j) {
    dual_scores.push_back({scores[j], slopes[j]});
    dual_values.push_back({{values[j][0], 0.0}});
  }
  const auto output =
      attention::finalize(k, *attention::run(k, attention::sequential(3), dual_scores, dual_values))[0];
  // The third derivative is the cumulant of (v, s', s', s'): at most 4 * 4 * 1.5^3 = 54 for ranges 4 and 1.5,
  // so the quotient is off by h^2 / 6 * 54 < 2^-36. An output is at most 3 with fewer than 40 rounding
  // errors: 2^-46 / h.
  EXPECT_NEAR(output.slope, (shifted(h) - shifted(-h)) / (2 * h), 0x1p-25);
}

}  // namespace
}  // namespace attest::semantics
