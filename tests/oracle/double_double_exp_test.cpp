// The double-double exponential and softcap against MPFR, on every instruction set that this machine has.
#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>
#include <hwy/targets.h>
#include <mpfr.h>

#include "oracle/blocked/kernels.hpp"
#include "oracle/double_double/kernels.hpp"
#include "oracle/double_double/scalar.hpp"

namespace attest::oracle {
namespace {

constexpr double kU2 = 0x1p-106;

struct Pairs {
  std::vector<double> hi, lo;

  void add(double h, double l = 0) {
    hi.push_back(h);
    lo.push_back(l);
  }
  void pad() {
    while (hi.size() % dd::kLanes != 0) add(0);
  }
};

// f(x) to 400 bits, f being exp or softcap.
class Exact {
 public:
  Exact() { mpfr_inits2(400, value_, other_, nullptr); }
  Exact(const Exact&) = delete;
  Exact& operator=(const Exact&) = delete;
  ~Exact() { mpfr_clears(value_, other_, nullptr); }

  // |exp(x) - y| / exp(x)
  double error_of_exp(double x_hi, double x_lo, double y_hi, double y_lo) {
    set(x_hi, x_lo);
    mpfr_exp(value_, value_, MPFR_RNDN);
    const double away = distance(y_hi, y_lo);
    return away / mpfr_get_d(value_, MPFR_RNDD);
  }

  // |c tanh(x / c) - y| / c
  double error_of_softcap(double c, double x_hi, double x_lo, double y_hi, double y_lo) {
    set(x_hi, x_lo);
    mpfr_div_d(value_, value_, c, MPFR_RNDN);
    mpfr_tanh(value_, value_, MPFR_RNDN);
    mpfr_mul_d(value_, value_, c, MPFR_RNDN);
    return distance(y_hi, y_lo) / c;
  }

 private:
  void set(double hi, double lo) {
    mpfr_set_d(value_, hi, MPFR_RNDN);
    mpfr_add_d(value_, value_, lo, MPFR_RNDN);
  }
  double distance(double y_hi, double y_lo) {
    mpfr_sub_d(other_, value_, y_hi, MPFR_RNDN);
    mpfr_sub_d(other_, other_, y_lo, MPFR_RNDN);
    return std::fabs(mpfr_get_d(other_, MPFR_RNDA));
  }

  mpfr_t value_, other_;
};

// The largest error as a multiple of what is stated, 2^-101 + 3 u^2 |x|.
double worst_share_of_exp(Pairs x) {
  x.pad();
  Pairs y = x;
  dd::exponentials(x.hi.data(), x.lo.data(), y.hi.data(), y.lo.data(), x.hi.size());
  Exact exact;
  double worst = 0;
  for (std::size_t i = 0; i < x.hi.size(); ++i) {
    const double error = exact.error_of_exp(x.hi[i], x.lo[i], y.hi[i], y.lo[i]);
    worst = std::fmax(worst, error / (0x1p-101 + 3 * kU2 * std::fabs(x.hi[i])));
    EXPECT_EQ(y.hi[i] + y.lo[i], y.hi[i]) << "the high part is not the rounded sum";
    if (testing::Test::HasFailure()) break;
  }
  return worst;
}

class DoubleDoubleExp : public testing::TestWithParam<std::int64_t> {
 protected:
  void SetUp() override {
    hwy::SetSupportedTargetsForTest(GetParam());
    ASSERT_STREQ(blocked::instruction_set(), hwy::TargetName(GetParam()));
  }
  void TearDown() override { hwy::SetSupportedTargetsForTest(0); }
};

TEST_P(DoubleDoubleExp, ErrsByLessThanItStatesOnTwentyThousandPoints) {
  std::mt19937_64 random(5);
  std::uniform_real_distribution<double> wide(-600, 400);
  std::uniform_real_distribution<double> usual(-40, 0);
  std::uniform_real_distribution<double> narrow(-1, 1);
  std::uniform_real_distribution<double> below(-1, 1);
  Pairs x;
  for (int i = 0; i < 20'000; ++i) {
    const double hi = i % 4 == 0 ? wide(random) : i % 4 == 1 ? narrow(random) : usual(random);
    x.add(hi, hi * 0x1p-53 * below(random));
  }
  const double worst = worst_share_of_exp(x);
  EXPECT_LE(worst, 1);
  EXPECT_GE(worst, 0x1p-6) << "an error this small means that nothing was compared";
}

TEST_P(DoubleDoubleExp, HoldsWhereTheReductionChangesItsInteger) {
  Pairs x;
  for (const double edge : {0.0, -0.0, 400.0, -600.0, 1e-300, -1e-300, 0x1p-53, -0x1p-53, 0x1p-106})
    x.add(edge);
  for (int k = -55'000; k <= 36'000; k += 15) {
    const double middle = (k + 0.5) * std::log(2.0) / 64;
    x.add(std::nextafter(middle, -800));
    x.add(middle, middle * 0x1p-54);
    x.add(k * std::log(2.0) / 64);
  }
  EXPECT_LE(worst_share_of_exp(x), 1);
}

TEST_P(DoubleDoubleExp, CapsScoresToItsStatedShareOfTheCap) {
  std::mt19937_64 random(6);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> decades(-20, 6);
  Exact exact;
  for (const double c : {0.7, 3.0, 50.0, 1e6, 0x1p-90, 0x1p90}) {
    Pairs x;
    for (const double edge : {0.0, -0.0, 1e300, -1e300, c, -c, 40 * c, -40 * c}) x.add(edge);
    for (int i = 0; i < 2000; ++i) {
      const double hi = c * normal(random) * (i % 2 == 0 ? 1 : std::pow(10, decades(random)));
      x.add(hi, hi * 0x1p-54);
    }
    Pairs y = x;
    dd::softcaps(x.hi.data(), x.lo.data(), c, y.hi.data(), y.lo.data(), x.hi.size());
    double worst = 0;
    for (std::size_t i = 0; i < x.hi.size(); ++i) {
      worst = std::fmax(worst, exact.error_of_softcap(c, x.hi[i], x.lo[i], y.hi[i], y.lo[i]));
    }
    EXPECT_LE(worst, 64 * kU2) << c;
    EXPECT_GE(worst, kU2 / 64) << c;
  }
}

std::vector<std::int64_t> targets() {
  std::vector<std::int64_t> all;
  for (const std::int64_t target : {HWY_AVX3, HWY_AVX2, HWY_SSE4, HWY_SCALAR}) {
    if ((hwy::SupportedTargets() & target) != 0) all.push_back(target);
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(InstructionSets, DoubleDoubleExp, testing::ValuesIn(targets()));

// Pairs of random magnitudes, exactly compared.
TEST(DoubleDoubleScalar, AddsMultipliesAndDividesWithinTheStatedErrors) {
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal;
  mpfr_t exact;
  mpfr_t other;
  mpfr_inits2(400, exact, other, nullptr);
  const auto error = [&](const dd::Double2& got) {
    mpfr_sub_d(other, exact, got.hi, MPFR_RNDN);
    mpfr_sub_d(other, other, got.lo, MPFR_RNDN);
    mpfr_div(other, other, exact, MPFR_RNDN);
    return std::fabs(mpfr_get_d(other, MPFR_RNDA));
  };
  const auto set = [](mpfr_t& to, const dd::Double2& x) {
    mpfr_set_d(to, x.hi, MPFR_RNDN);
    mpfr_add_d(to, to, x.lo, MPFR_RNDN);
  };
  double worst_sum = 0;
  double worst_product = 0;
  double worst_quotient = 0;
  const auto pair = [&] {
    const double hi = normal(random) * std::exp2(normal(random) * 4);
    return dd::two_sum(hi, hi * 0x1p-53 * normal(random) / 4);
  };
  for (int i = 0; i < 20'000; ++i) {
    const dd::Double2 x = pair();
    const dd::Double2 y = i % 3 == 0 ? dd::Double2{-x.hi * (1 + 0x1p-40), x.lo} : pair();
    set(exact, x);
    set(other, y);
    mpfr_add(exact, exact, other, MPFR_RNDN);
    worst_sum = std::fmax(worst_sum, error(dd::add(x, y)));
    set(exact, x);
    set(other, y);
    mpfr_mul(exact, exact, other, MPFR_RNDN);
    worst_product = std::fmax(worst_product, error(dd::multiply(x, y)));
    set(exact, x);
    set(other, y);
    mpfr_div(exact, exact, other, MPFR_RNDN);
    worst_quotient = std::fmax(worst_quotient, error(dd::divide(x, y)));
  }
  mpfr_clears(exact, other, nullptr);
  EXPECT_LE(worst_sum, 3.01 * kU2);
  EXPECT_LE(worst_product, 8 * kU2);
  EXPECT_LE(worst_quotient, 16 * kU2);
  EXPECT_GE(std::fmin(worst_sum, std::fmin(worst_product, worst_quotient)), kU2 / 4);
}

}  // namespace
}  // namespace attest::oracle
