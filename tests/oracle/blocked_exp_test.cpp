// The vector exponential against MPFR, on every instruction set that this machine has.
#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>
#include <hwy/targets.h>
#include <mpfr.h>

#include "oracle/blocked/kernels.hpp"

namespace attest::oracle {
namespace {

constexpr double kBound = 0x1p-50;

// exp(x) to 100 bits.
class Exact {
 public:
  Exact() { mpfr_inits2(100, value_, error_, nullptr); }
  Exact(const Exact&) = delete;
  Exact& operator=(const Exact&) = delete;
  ~Exact() { mpfr_clears(value_, error_, nullptr); }

  double relative_error(double x, double computed) {
    mpfr_set_d(value_, x, MPFR_RNDN);
    mpfr_exp(value_, value_, MPFR_RNDN);
    mpfr_sub_d(error_, value_, computed, MPFR_RNDN);
    mpfr_div(error_, error_, value_, MPFR_RNDN);
    return std::fabs(mpfr_get_d(error_, MPFR_RNDA));
  }

 private:
  mpfr_t value_, error_;
};

std::vector<double> exponentials_of(const std::vector<double>& x) {
  std::vector<double> y(x.size());
  blocked::exponentials(x.data(), y.data(), x.size());
  return y;
}

double worst_error(const std::vector<double>& x) {
  Exact exact;
  const std::vector<double> y = exponentials_of(x);
  double worst = 0;
  for (std::size_t i = 0; i < x.size(); ++i) worst = std::fmax(worst, exact.relative_error(x[i], y[i]));
  return worst;
}

class BlockedExp : public testing::TestWithParam<std::int64_t> {
 protected:
  void SetUp() override { hwy::SetSupportedTargetsForTest(GetParam()); }
  void TearDown() override { hwy::SetSupportedTargetsForTest(0); }
};

TEST_P(BlockedExp, ErrsByLessThanItStatesOnAHundredThousandPoints) {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> wide(-700, 700);
  std::uniform_real_distribution<double> usual(-40, 40);
  std::uniform_real_distribution<double> narrow(-1, 1);
  std::vector<double> x;
  for (int i = 0; i < 48'000; ++i) x.insert(x.end(), {wide(random), usual(random), narrow(random)});
  const double worst = worst_error(x);
  EXPECT_LE(worst, kBound);
  EXPECT_GE(worst, 0x1p-54) << "an error this small means that nothing was compared";
}

TEST_P(BlockedExp, HoldsWhereTheReductionChangesItsInteger) {
  std::vector<double> x{0, -0.0, 700, -700, 1e-300, -1e-300, 0x1p-53, -0x1p-53};
  for (int k = -1009; k <= 1009; ++k) {
    const double middle = (k + 0.5) * std::log(2.0);
    if (std::fabs(middle) >= 700) continue;
    x.insert(x.end(), {std::nextafter(middle, -800), middle, std::nextafter(middle, 800), k * std::log(2.0)});
  }
  while (x.size() % blocked::kRowStep != 0) x.push_back(1);
  EXPECT_LE(worst_error(x), kBound);
}

TEST_P(BlockedExp, LosesWhatLiesBelowMinusSevenHundred) {
  for (const double y : exponentials_of({-700.5, -1e4, -1e300, -HUGE_VAL, -701, -745, -800, -2000})) {
    EXPECT_LE(y, 0x1p-1000);
    EXPECT_GE(y, 0);
  }
}

TEST_P(BlockedExp, CapsScoresToTheStatedShareOfTheCap) {
  std::mt19937_64 random(4);
  std::normal_distribution<double> normal;
  mpfr_t exact;
  mpfr_init2(exact, 100);
  for (const double c : {0.7, 30.0, 1e6, 0x1p-400, 0x1p400}) {
    std::vector<double> x{0, -0.0, 40 * c, -40 * c, 1e300, -1e300, 1e-300, c};
    for (int i = 0; i < 4000; ++i) x.push_back(c * normal(random) * (i % 2 == 0 ? 1 : std::exp2(-i % 60)));
    std::vector<double> y = x;
    blocked::softcaps(y.data(), y.size(), c);
    double worst = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      mpfr_set_d(exact, x[i], MPFR_RNDN);
      mpfr_div_d(exact, exact, c, MPFR_RNDN);
      mpfr_tanh(exact, exact, MPFR_RNDN);
      mpfr_mul_d(exact, exact, c, MPFR_RNDN);
      mpfr_sub_d(exact, exact, y[i], MPFR_RNDN);
      worst = std::fmax(worst, std::fabs(mpfr_get_d(exact, MPFR_RNDA)) / c);
    }
    EXPECT_LE(worst, 12 * 0x1p-53) << c;
    EXPECT_GE(worst, 0x1p-55) << c;
  }
  mpfr_clear(exact);
}

std::vector<std::int64_t> targets() {
  std::vector<std::int64_t> all;
  for (const std::int64_t target : {HWY_AVX3, HWY_AVX2, HWY_SSE4, HWY_SCALAR}) {
    if ((hwy::SupportedTargets() & target) != 0) all.push_back(target);
  }
  if (all.empty()) all.push_back(0);
  return all;
}

INSTANTIATE_TEST_SUITE_P(InstructionSets, BlockedExp, testing::ValuesIn(targets()));

}  // namespace
}  // namespace attest::oracle
