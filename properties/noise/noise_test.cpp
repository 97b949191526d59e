// The probabilistic alarm is silent on kernels that keep their contract, and rings for those that it is for.
#include <cctype>
#include <ostream>

#include <gtest/gtest.h>

#include "noise/trial.hpp"

namespace attest::attack {

void PrintTo(const TrialKernel& kernel, std::ostream* out) { *out << kernel.name; }

namespace {

constexpr std::uint64_t kSeed = 20240611;

std::string test_name(const testing::TestParamInfo<TrialKernel>& each) {
  std::string name;
  for (const char c : each.param.name) name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return name;
}

class CorrectKernel : public testing::TestWithParam<TrialKernel> {};

TEST_P(CorrectKernel, DoesNotRing) {
  const Reading reading = read(GetParam(), GetParam().problems, kSeed);
  const std::vector<std::string> suspicions = reading.alarm.suspicions();
  EXPECT_TRUE(suspicions.empty()) << table_row(GetParam(), reading);
  EXPECT_GT(reading.alarm.outputs(), 1000);
  // A model that is far too wide would never ring either.
  EXPECT_GT(reading.rms(), 0.1);
  EXPECT_LT(reading.rms(), 0.6);
  // The alarm is above 7; a part of the noise that the model forgets shows long before it rings.
  EXPECT_LT(reading.alarm.largest()->sigmas, 4) << largest_text(reading);
}

INSTANTIATE_TEST_SUITE_P(Noise, CorrectKernel, testing::ValuesIn(correct_kernels()), test_name);

class UnusualKernel : public testing::TestWithParam<TrialKernel> {};

TEST_P(UnusualKernel, DoesNotRing) {
  const Reading reading = read(GetParam(), GetParam().problems, kSeed);
  EXPECT_TRUE(reading.alarm.suspicions().empty()) << table_row(GetParam(), reading);
  EXPECT_GT(reading.alarm.outputs(), 500);
  EXPECT_LT(reading.alarm.largest()->sigmas, 4) << largest_text(reading);
}

INSTANTIATE_TEST_SUITE_P(Noise, UnusualKernel, testing::ValuesIn(unusual_kernels()), test_name);

class FaultyKernel : public testing::TestWithParam<TrialKernel> {};

TEST_P(FaultyKernel, RingsAsItIsKnownTo) {
  const TrialKernel& kernel = GetParam();
  const Reading reading = read(kernel, kernel.problems, kSeed);
  EXPECT_GT(reading.alarm.outputs(), 0);
  EXPECT_EQ(reading.single_after >= 0, kernel.single_rings) << table_row(kernel, reading);
  EXPECT_EQ(reading.bias_after >= 0, kernel.bias_rings) << table_row(kernel, reading);
}

INSTANTIATE_TEST_SUITE_P(Noise, FaultyKernel, testing::ValuesIn(faulty_kernels()), test_name);

}  // namespace
}  // namespace attest::attack
