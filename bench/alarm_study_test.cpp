// Kernels that keep their contract and were suspect once are not: the alarm's own cases.
#include "alarm_study.hpp"

#include <cmath>
#include <functional>

#include <gtest/gtest.h>

#include "kernel/in_process/in_process.hpp"
#include "numerics/format.hpp"

extern "C" {
// examples/naive.c, with another exponential.
int naive_forward(const attest_forward* problem);
float chosen_expf(float x);
}

namespace {

float exponential_error = 0;  // relative, of all but exp(0) = 1

}  // namespace

float chosen_expf(float x) {
  const double exact = std::exp(static_cast<double>(x));
  return static_cast<float>(x == 0 ? exact : exact * (1 + static_cast<double>(exponential_error)));
}

namespace attest::bench {
namespace {

constexpr AlarmStudyOptions kStudy{60'000, 3, 1};

struct ExponentialError {
  explicit ExponentialError(double units) { exponential_error = static_cast<float>(units * 0x1p-24); }
  ~ExponentialError() { exponential_error = 0; }
  ExponentialError(const ExponentialError&) = delete;
  ExponentialError& operator=(const ExponentialError&) = delete;
};

using Query = std::function<double(double q)>;

// The naive kernel on queries that are packed, multiplied by the scale or not, and converted.
int with_queries(const attest_forward& problem, bool scaled, const Query& convert) {
  if (problem.q->dtype.code != kDLFloat || problem.q->dtype.bits != 32) return ATTEST_UNSUPPORTED;
  const std::int64_t* extent = problem.q->shape;
  std::vector<float> values;
  std::array<std::int64_t, 4> strides{};
  std::int64_t count = 1;
  for (std::size_t axis = 4; axis-- > 0;) {
    strides[axis] = count;
    count *= extent[axis];
  }
  values.reserve(static_cast<std::size_t>(count));
  for (std::int64_t at = 0; at < count; ++at) {
    std::int64_t offset = 0;
    for (std::size_t axis = 0; axis < 4; ++axis)
      offset += at / strides[axis] % extent[axis] * problem.q->strides[axis];
    const double q = static_cast<const float*>(problem.q->data)[offset];
    values.push_back(static_cast<float>(convert(scaled ? q * problem.scale : q)));
  }
  DLTensor q = *problem.q;
  q.data = values.data();
  q.strides = strides.data();
  q.byte_offset = 0;
  attest_forward changed = problem;
  changed.q = &q;
  if (scaled) changed.scale = 1;
  return naive_forward(&changed);
}

AlarmReading reading_of(const char* contract, const kernel::InProcessKernel::Forward& forward) {
  kernel::KernelInfo info;
  info.name = "naive";
  info.contract = contract;
  kernel::InProcessKernel kernel(info, forward);
  return read_alarm(kernel, DType::f32, kStudy);
}

AlarmReading naive(const char* contract) {
  return reading_of(contract, [](const attest_forward& problem) { return naive_forward(&problem); });
}

void expect_silent(const AlarmReading& reading) {
  EXPECT_GE(reading.outputs, kStudy.outputs);
  EXPECT_TRUE(reading.suspicions.empty()) << alarm_row(reading) << "\n" << reading.suspicions.front();
}

TEST(AlarmStudy, APlainKernelIsSilent) { expect_silent(naive("f32")); }

TEST(AlarmStudy, AnExponentialToOneSideWithinItsBoundIsSilent) {
  for (const double units : {6.5, -6.5}) {
    const ExponentialError error(units);
    expect_silent(naive("f32"));
  }
}

TEST(AlarmStudy, AnExponentialToOneSideBeyondItsBoundRings) {
  const ExponentialError error(256);
  EXPECT_FALSE(naive("f32").suspicions.empty());
}

TEST(AlarmStudy, AScaledQueryInBfloat16IsSilentWhereItIsDeclared) {
  const auto forward = [](const attest_forward& problem) {
    return with_queries(problem, true, [](double q) { return round_to(kBfloat16, q); });
  };
  expect_silent(reading_of("f32;q_conversion=bf16", forward));
  EXPECT_FALSE(reading_of("f32;q_conversion=f16", forward).suspicions.empty());
}

TEST(AlarmStudy, AQueryInFloat16IsSilentWhereItIsDeclared) {
  const auto forward = [](const attest_forward& problem) {
    return with_queries(problem, false, [](double q) { return round_to(kBinary16, q); });
  };
  expect_silent(reading_of("f32;q_conversion=f16", forward));
  EXPECT_FALSE(reading_of("f32", forward).suspicions.empty());
}

}  // namespace
}  // namespace attest::bench
