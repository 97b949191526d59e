#include "semantics/mpfr.hpp"

#include <random>

#include <gtest/gtest.h>

#include "laws.hpp"
#include "nearest.hpp"
#include "problem/dtype.hpp"
#include "semantics/emulated.hpp"

namespace attest::semantics {
namespace {

static_assert(Semantics<Mpfr> && Guards<Mpfr> && Thresholds<Mpfr> && LogSumExp<Mpfr>);

struct MpfrSubject {
  using A = Mpfr;
  static constexpr bool kExact = false;
  static constexpr bool kOrdered = true;

  const A& semantics() const { return k; }
  A::Acc number() { return k.number(std::uniform_real_distribution<double>(-8, 8)(random)); }
  A::Acc nonzero() { return k.number(std::uniform_real_distribution<double>(1, 8)(random)); }
  A::Score score() { return number(); }
  laws::Truth same(const A::Acc& x, const A::Acc& y) const {
    return x == y ? laws::Truth::yes : laws::Truth::no;
  }

  A k{53};
  std::mt19937_64 random{1};
};

TEST(Mpfr, KeepsTheLawsAtEveryPrecision) {
  for (const long bits : {24L, 53L, 200L}) {
    MpfrSubject subject{Mpfr(bits)};
    EXPECT_EQ(laws::violated(laws::check(subject, 100)), "") << bits;
  }
}

long precision(const Mpfr::Number& x) { return mpfr_get_prec(x.backend().data()); }

// The trap: results in the precision of the thread instead of the object's.
TEST(Mpfr, GivesEveryResultTheObjectsPrecision) {
  const Mpfr k(173);
  const auto x = k.number(3);
  for (const auto& result : {x, k.max(x, x), k.sub(x, x), k.exp(x), k.probability(x), k.one(), k.add(x, x),
                             k.mul(x, x), k.div(x, x), k.masked(), k.origin(), k.zero(), k.lse(x, x)}) {
    EXPECT_EQ(precision(result), 173);
  }
  auto copied = Mpfr(24).one();
  copied = x;
  EXPECT_EQ(precision(copied), 173);
}

TEST(Mpfr, RoundsEachOperationOnce) {
  const Mpfr k(53);
  std::mt19937_64 random(2);
  std::uniform_real_distribution<double> uniform(-9, 9);
  for (int i = 0; i < 1000; ++i) {
    const double x = uniform(random);
    const double y = uniform(random);
    ASSERT_EQ(k.add(k.number(x), k.number(y)).convert_to<double>(), x + y);
    ASSERT_EQ(k.sub(k.number(x), k.number(y)).convert_to<double>(), x - y);
    ASSERT_EQ(k.mul(k.number(x), k.number(y)).convert_to<double>(), x * y);
    ASSERT_EQ(k.div(k.number(x), k.number(y)).convert_to<double>(), x / y);
  }
}

// The emulated exponential is rounded to double and then to the format; on no 16-bit score does the first
// rounding show. Scores beyond +-200 are left out: their exponentials overflow or vanish in both formats.
TEST(Emulated, HasACorrectlyRoundedExponentialOnEverySixteenBitScore) {
  const Mpfr k(200);
  for (const DType dtype : {DType::f16, DType::bf16}) {
    const Emulated emulated(format_of(dtype));
    const NearestBySearch nearest(format_of(dtype));
    int compared = 0;
    for (unsigned pattern = 0; pattern <= 0xffffU; ++pattern) {
      std::byte element[2] = {static_cast<std::byte>(pattern & 0xffU), static_cast<std::byte>(pattern >> 8U)};
      const double score = decode(dtype, element);
      if (!(std::fabs(score) <= 200)) continue;
      Rational::Number exact;
      mpfr_get_q(exact.backend().data(), k.exp(k.number(score)).backend().data());
      ASSERT_EQ(emulated.exp(score), nearest(exact)) << score;
      ++compared;
    }
    EXPECT_GT(compared, 30000);
  }
}

}  // namespace
}  // namespace attest::semantics
