#include "oracle/noise/alarm.hpp"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

namespace attest::oracle {
namespace {

// Deviations of one problem: `count` normal ones, moved by `lean`.
NoiseTally tally(std::mt19937_64& random, int count, double lean, double largest = 0) {
  std::normal_distribution<double> normal(0, 0.4);
  NoiseTally t;
  t.largest = Deviation{0, 1, 2, 3, 1.5, 1.25, largest};
  for (int k = 0; k < count; ++k) {
    ++t.outputs;
    const double x = normal(random) + lean;
    t.largest->sigmas = std::max(t.largest->sigmas, std::fabs(x));
    t.outward.add(x);
    t.out.add(random() % 2 == 0 ? x : -x);
  }
  return t;
}

TEST(Alarm, IsSilentOnNoise) {
  std::mt19937_64 random(1);
  Alarm alarm;
  for (int p = 0; p < 300; ++p) alarm.add(tally(random, 100, 0), "noise");
  EXPECT_EQ(alarm.problems(), 300);
  EXPECT_EQ(alarm.outputs(), 30'000);
  EXPECT_TRUE(alarm.suspicions().empty());
  EXPECT_LT(std::fabs(alarm.bias(Bias::outward)), 4);
  EXPECT_EQ(alarm.bias(Bias::lse), 0) << "nothing was measured";
}

// 2N exp(-t^2 / 2) is the chance that it allows.
TEST(Alarm, ThresholdIsTheTailOfAllOutputsTogether) {
  std::mt19937_64 random(1);
  Alarm alarm;
  alarm.add(tally(random, 5000, 0), "noise");
  const double t = alarm.output_threshold();
  EXPECT_NEAR(2 * 5000 * std::exp(-t * t / 2), kFalseAlarm / 2, 1e-12);
  const double bias = Alarm::bias_threshold();
  EXPECT_NEAR(2 * 3 * std::exp(-bias * bias / 2), kFalseAlarm / 2, 1e-12);
}

TEST(Alarm, RingsForOneOutputFarOff) {
  std::mt19937_64 random(1);
  Alarm alarm;
  for (int p = 0; p < 10; ++p)
    alarm.add(tally(random, 100, 0, p == 4 ? 9.5 : 0), "problem " + std::to_string(p));
  ASSERT_EQ(alarm.suspicions().size(), 1U);
  const std::string said = alarm.suspicions().front();
  EXPECT_NE(said.find("out[b 0, h 1, i 2, c 3] = 1.5 differs by 9.5 sigmas"), std::string::npos) << said;
  EXPECT_NE(said.find("in problem 4"), std::string::npos) << said;
}

// A tenth of a sigma is far below what one output shows.
TEST(Alarm, RingsForErrorsThatLean) {
  for (const double lean : {0.04, -0.04}) {
    std::mt19937_64 random(1);
    Alarm alarm;
    for (int p = 0; p < 400; ++p) alarm.add(tally(random, 100, lean), "leaning");
    EXPECT_LT(alarm.largest()->sigmas, alarm.output_threshold());
    ASSERT_EQ(alarm.suspicions().size(), 1U);
    const std::string said = alarm.suspicions().front();
    EXPECT_NE(said.find(lean < 0 ? "out lean towards zero" : "out lean away from zero"), std::string::npos)
        << said;
  }
}

// What the contract permits is taken off first.
TEST(Alarm, RingsForALeanBeyondThePermittedOne) {
  const auto read = [](double lean, double permitted) {
    std::mt19937_64 random(1);
    std::normal_distribution<double> normal(0, 0.4);
    Alarm alarm;
    for (int p = 0; p < 400; ++p) {
      NoiseTally t;
      t.largest = Deviation{0, 1, 2, 3, 1.5, 1.25, 1};
      for (int k = 0; k < 100; ++k) {
        ++t.outputs;
        t.outward.add(normal(random) + lean, permitted);
      }
      alarm.add(t, "leaning");
    }
    return alarm;
  };
  EXPECT_TRUE(read(0.1, 0.1).suspicions().empty());
  EXPECT_TRUE(read(-0.1, 0.1).suspicions().empty());
  EXPECT_EQ(read(0.05, 0.1).bias(Bias::outward), 0);
  EXPECT_GT(read(0.2, 0.1).bias(Bias::outward), Alarm::bias_threshold());
  EXPECT_LT(read(-0.2, 0.1).bias(Bias::outward), -Alarm::bias_threshold());
  EXPECT_NE(read(0.2, 0.1).suspicions().front().find("where the contract permits 0.1"), std::string::npos);
}

// Whatever depends on what within a problem: each counts once.
TEST(Alarm, DoesNotTrustManyOutputsOfFewProblems) {
  std::mt19937_64 random(1);
  Alarm alarm;
  for (int p = 0; p < 8; ++p) alarm.add(tally(random, 10'000, 0.3), "few");
  EXPECT_LE(std::fabs(alarm.bias(Bias::outward)), std::sqrt(8.0) + 1e-9);
  EXPECT_TRUE(alarm.suspicions().empty());
}

}  // namespace
}  // namespace attest::oracle
