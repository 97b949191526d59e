#include "semantics/emulated.hpp"

#include <algorithm>
#include <bit>
#include <random>
#include <string>

#include <Eigen/Core>
#include <gtest/gtest.h>

#include "attention/run.hpp"
#include "float_subject.hpp"
#include "nearest.hpp"
#include "semantics/mixed.hpp"

namespace attest::semantics {
namespace {

static_assert(Semantics<Emulated<>> && Guards<Emulated<>> && Thresholds<Emulated<>> && LogSumExp<Emulated<>>);
static_assert(Semantics<Mixed<>> && Guards<Mixed<>>);

TEST(Emulated, KeepsTheLawsInEveryFormat) {
  for (const Format& format : {kBinary32, kBinary16, kBfloat16, kFloat1e4m3, kFloat1e5m2}) {
    FloatSubject<Emulated<>> subject{Emulated(format), format};
    EXPECT_EQ(laws::violated(laws::check(subject, 500)), "") << format.precision;
  }
}

// Every value of an 8-bit format, infinities and NaN included.
std::vector<double> all_values(const Format& format) {
  std::vector<double> values = NearestBySearch(format).magnitudes();
  values.push_back(HUGE_VAL);
  const std::size_t count = values.size();
  for (std::size_t i = 0; i < count; ++i) values.push_back(-values[i]);
  values.push_back(std::numeric_limits<double>::quiet_NaN());
  return values;
}

// Bit for bit, but for NaN, whose payload carries no meaning.
bool identical(double x, double y) {
  if (std::isnan(x) || std::isnan(y)) return std::isnan(x) && std::isnan(y);
  return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
}

// What IEEE 754 demands of x op y, from exact arithmetic and a search; `in_double` settles what has no
// rounding in it: NaN, infinities, and the sign of the result.
double demanded(const NearestBySearch& nearest, char op, double x, double y, double in_double) {
  if (!std::isfinite(x) || !std::isfinite(y) || !std::isfinite(in_double)) return in_double;
  const Rational::Number a(x);
  const Rational::Number b(y);
  Rational::Number exact;
  if (op == '+') exact = a + b;
  if (op == '-') exact = a - b;
  if (op == '*') exact = a * b;
  if (op == '/') exact = a / b;
  return std::copysign(nearest(abs(exact)), in_double);
}

struct PairCount {
  int tried = 0;
  int wrong = 0;
  int subnormal = 0;  ///< results that are subnormal
};

template <class Semantic>
PairCount all_pairs(const Semantic& k, const Format& format) {
  const NearestBySearch nearest(format);
  const auto values = all_values(format);
  PairCount count;
  const auto compare = [&](char op, double x, double y, double in_double, double got) {
    const double expected = demanded(nearest, op, x, y, in_double);
    ++count.tried;
    count.wrong += identical(expected, got) ? 0 : 1;
    count.subnormal += expected != 0 && std::fabs(expected) < format.min_normal() ? 1 : 0;
  };
  for (const double x : values) {
    for (const double y : values) {
      compare('+', x, y, x + y, k.add(x, y));
      compare('-', x, y, x - y, k.sub(x, y));
      compare('*', x, y, x * y, k.mul(x, y));
      compare('/', x, y, x / y, k.div(x, y));
    }
  }
  return count;
}

TEST(Emulated, RoundsEveryOperationOnEveryPairOfEightBitNumbersCorrectly) {
  for (const Format& format : {kFloat1e4m3, kFloat1e5m2}) {
    const PairCount count = all_pairs(Emulated(format), format);
    // 2 * (15 * 8 + 1) + 1 or 2 * (31 * 4 + 1) + 1 values; four operations on each pair.
    EXPECT_EQ(count.tried, format == kFloat1e4m3 ? 4 * 243 * 243 : 4 * 251 * 251);
    EXPECT_EQ(count.wrong, 0);
    EXPECT_GT(count.subnormal, 1000);
  }
}

struct Flushing : Emulated<> {
  using Emulated<>::Emulated;
  double mul(double x, double y) const {
    const double product = Emulated<>::mul(x, y);
    return std::fabs(product) < 0x1p-6 ? std::copysign(0.0, product) : product;
  }
};
struct WiderQuotient : Emulated<> {
  using Emulated<>::Emulated;
  double div(double x, double y) const { return Emulated<>::div(round_to({6, -6, 7}, x / y), 1); }
};

TEST(AllPairs, SeeAFlushedProductAndAQuotientRoundedTwice) {
  EXPECT_GT(all_pairs(Flushing(kFloat1e4m3), kFloat1e4m3).wrong, 100);
  EXPECT_GT(all_pairs(WiderQuotient(kFloat1e4m3), kFloat1e4m3).wrong, 100);
}

// The trust base of the proofs with an abstract rounding: monotone, odd, and the identity on the format's
// values.
TEST(Rounding, IsMonotoneAndOddAndFixesEveryValueOfTheSmallFormats) {
  for (const Format& format : {kFloat1e4m3, kFloat1e5m2}) {
    const auto values = NearestBySearch(format).magnitudes();
    std::vector<double>
        arguments;  // sums, differences and products of two values, and the values: exact doubles
    for (const double x : values) {
      for (const double y : values) arguments.insert(arguments.end(), {x + y, x - y, x * y});
      ASSERT_EQ(round_to(format, x), x);
    }
    std::sort(arguments.begin(), arguments.end());
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      ASSERT_EQ(round_to(format, -arguments[i]), -round_to(format, arguments[i]));
      ASSERT_LE(round_to(format, arguments[i == 0 ? 0 : i - 1]), round_to(format, arguments[i]));
    }
  }
}

// The same of f16 and bf16: every value is fixed, and neighbouring results of each operation on drawn pairs,
// subnormal and large ones included, keep their order and their sign.
TEST(Rounding, IsMonotoneAndOddAndFixesEveryValueOfF16AndBf16OnDrawnResults) {
  std::mt19937_64 random(17);
  for (const Format& format : {kBinary16, kBfloat16}) {
    const auto values = NearestBySearch(format).magnitudes();
    for (const double x : values) ASSERT_EQ(round_to(format, x), x);
    std::uniform_int_distribution<std::size_t> any(1, values.size() - 1);
    const auto operations = {
        +[](double x, double y) { return x + y; }, +[](double x, double y) { return x - y; },
        +[](double x, double y) { return x * y; }, +[](double x, double y) { return x / y; }};
    for (const auto operation : operations) {
      std::vector<double> arguments;
      for (int i = 0; i < 20000; ++i) {
        const double x = operation(values[any(random)], values[any(random)]);
        arguments.insert(arguments.end(), {x, std::nextafter(x, HUGE_VAL)});
      }
      std::sort(arguments.begin(), arguments.end());
      for (std::size_t i = 1; i < arguments.size(); ++i) {
        ASSERT_LE(round_to(format, arguments[i - 1]), round_to(format, arguments[i]));
        ASSERT_EQ(round_to(format, -arguments[i]), -round_to(format, arguments[i]));
      }
    }
  }
}

using Eigen::half;

TEST(Emulated, ComputesInFloat16AsEigenDoes) {
  const Emulated k(kBinary16);
  std::mt19937_64 random(2);
  std::uniform_int_distribution<unsigned> pattern(0, 0xffffU);
  const auto draw = [&] { return std::bit_cast<half>(static_cast<std::uint16_t>(pattern(random))); };
  for (int i = 0; i < 500000; ++i) {
    const half a = draw();
    const half b = draw();
    const auto x = static_cast<double>(a);
    const auto y = static_cast<double>(b);
    ASSERT_TRUE(identical(k.add(x, y), static_cast<double>(a + b))) << x << " " << y;
    ASSERT_TRUE(identical(k.sub(x, y), static_cast<double>(a - b))) << x << " " << y;
    ASSERT_TRUE(identical(k.mul(x, y), static_cast<double>(a * b))) << x << " " << y;
    ASSERT_TRUE(identical(k.div(x, y), static_cast<double>(a / b))) << x << " " << y;
  }
}

struct FloatExp {
  double operator()(double x) const { return static_cast<double>(std::exp(static_cast<float>(x))); }
};

// Emulation, given the same exponential, is what the machine does.
TEST(Emulated, RunsTheRecurrenceInBinary32BitForBitAsTheMachineDoes) {
  std::mt19937_64 random(3);
  std::normal_distribution<float> normal(0, 4);
  const Emulated emulated(kBinary32, FloatExp{});
  const Emulated emulated_mixed(kBinary32, kBinary32, kBfloat16, FloatExp{});
  for (const std::size_t keys : {1U, 17U, 300U}) {
    std::vector<float> scores;
    std::vector<std::vector<float>> values;
    for (std::size_t j = 0; j < keys; ++j) {
      scores.push_back(normal(random));
      values.push_back({normal(random), normal(random)});
    }
    const std::vector<double> wide_scores(scores.begin(), scores.end());
    std::vector<std::vector<double>> wide_values;
    for (const auto& value : values) wide_values.emplace_back(value.begin(), value.end());
    for (const auto& schedule : {attention::tiled(keys, 8), attention::tree(keys)}) {
      const auto native = attention::finalize(F32{}, *attention::run(F32{}, schedule, scores, values));
      const auto wide =
          attention::finalize(emulated, *attention::run(emulated, schedule, wide_scores, wide_values));
      EXPECT_EQ(std::vector<double>(native.begin(), native.end()), wide);
      const auto mixed = attention::finalize(Mixed<>{}, *attention::run(Mixed<>{}, schedule, scores, values));
      const auto wide_mixed = attention::finalize(
          emulated_mixed, *attention::run(emulated_mixed, schedule, wide_scores, wide_values));
      EXPECT_EQ(std::vector<double>(mixed.begin(), mixed.end()), wide_mixed);
    }
  }
}

TEST(Mixed, DiffersFromBinary32WhereProbabilitiesAreNotSixteenBitNumbers) {
  const std::vector<float> scores{0, -0.3F};
  const std::vector<std::vector<float>> values{{1}, {1}};
  EXPECT_EQ(attention::finalize(F32{}, attention::block(F32{}, scores, values))[0], 1);
  EXPECT_NE(attention::finalize(Mixed<>{}, attention::block(Mixed<>{}, scores, values))[0], 1);
}

TEST(Mixed, RoundsProbabilitiesAndNothingElse) {
  const Mixed<> k;
  const float p = 1 + 0x1p-9F;
  EXPECT_EQ(k.probability(p), 1);
  EXPECT_EQ(k.exp(0), 1);
  EXPECT_EQ(k.mul(p, 1), p);
  const Mixed<> half{{}, kBinary16};
  EXPECT_EQ(half.probability(p), p);
}

}  // namespace
}  // namespace attest::semantics
