// What captures show of kernels that declare no contract, or a wrong one.

#include <gtest/gtest.h>

#include "check/capture/capture_check.hpp"
#include "laws/inputs/edit.hpp"
#include "numerics/draw.hpp"
#include "undeclared.hpp"

namespace attest::check {
namespace {

using faults::KernelControl;
using faults::KernelFault;

// `size` of the values in channel 0 of head 0; of the others it is 1.
Problem normal_problem(double size) {
  Problem p;
  p.q = Tensor(DType::f32, {1, 2, 8, 16});
  p.k = Tensor(DType::f32, {1, 2, 40, 16});
  p.v = Tensor(DType::f32, {1, 2, 40, 16});
  p.scale = 0.25;
  Draw draw(rc::Random(7));
  for (Tensor* tensor : {&p.q, &p.k, &p.v}) {
    std::vector<double> values(static_cast<std::size_t>(tensor->count()));
    for (std::size_t at = 0; at < values.size(); ++at) {
      const bool small = tensor == &p.v && at < std::size_t{40 * 16} && at % 16 == 0;
      values[at] = draw.normal() * (small ? size : 1);
    }
    tensor->assign(values);
  }
  return p;
}

KernelReport captured(KernelControl control, KernelFault fault, const std::string& contract,
                      double size = 1) {
  auto kernel = test::kernel_with("", fault, faults::faulty::arithmetic_of(control));
  const Problem p = normal_problem(size);
  CaptureOptions options;
  options.contract = contract;
  return check_capture("capture", p, kernel.run(p, {}).result, options);
}

TEST(ExplainCapture, ARightOneNeedsNoExplanation) {
  const KernelReport report = captured(KernelControl::correct, KernelFault::none, "");
  EXPECT_EQ(report.verdict, Verdict::conforming) << test::told(report);
  EXPECT_FALSE(report.inferred);
}

TEST(ExplainCapture, ACoarseExponentialIsSuspect) {
  const KernelReport report = captured(KernelControl::exp_10_bits, KernelFault::none, "");
  EXPECT_EQ(report.verdict, Verdict::suspect) << test::told(report);
  ASSERT_TRUE(report.inferred);
  EXPECT_EQ(report.inferred->text, "f32;exp_rel=0.0008");
  EXPECT_EQ(report.contract, "f32;exp_rel=0.0008");
  EXPECT_LE(report.max_bound_ratio, 1);
}

TEST(ExplainCapture, ADeclaredContractConvicts) {
  const KernelReport report = captured(KernelControl::exp_10_bits, KernelFault::none, "f32");
  EXPECT_EQ(report.verdict, Verdict::defective) << test::told(report);
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings.front().would_conform_under, "exp_rel=0.0008");
}

TEST(ExplainCapture, FlushedValuesConform) {
  const KernelReport report = captured(KernelControl::flush_to_zero, KernelFault::none, "", 0x1p-122);
  EXPECT_EQ(report.verdict, Verdict::conforming) << test::told(report);
  ASSERT_TRUE(report.inferred) << test::told(report);
  EXPECT_EQ(report.inferred->text, "f32;underflow=flush-outputs");
}

// Outputs of one key, which are its values, times a factor, rounded to so many significant bits.
KernelReport captured_outputs(double factor, int bits) {
  auto kernel = test::kernel_with("", KernelFault::none, {});
  const Problem p = laws::with_keys(normal_problem(1), {0});
  Result result = kernel.run(p, {}).result;
  Format format = format_of(DType::bf16);
  format.precision = bits;
  std::vector<double> values = result.out.values();
  for (double& x : values) x = round_to(format, factor * x);
  result.out.assign(values);
  return check_capture("capture", p, result, {});
}

TEST(ExplainCapture, OutputsOfAFormatWereRoundedToItAndOthersWereNot) {
  const KernelReport rounded = captured_outputs(1, 8);
  ASSERT_TRUE(rounded.inferred) << test::told(rounded);
  EXPECT_EQ(rounded.inferred->text, "f32;output=bf16");
  // As far off, but of 20 bits.
  const KernelReport off = captured_outputs(1 + 0x1p-9, 20);
  EXPECT_NE(off.verdict, Verdict::conforming);
  const std::string inferred = off.inferred ? off.inferred->text : "";
  EXPECT_EQ(inferred.find("output="), std::string::npos) << test::told(off);
}

// k and v in 8 bits would allow it, and make most rows wrong.
TEST(ExplainCapture, OneWrongOutputIsNoNarrowArithmetic) {
  auto kernel =
      test::kernel_with("", KernelFault::none, faults::faulty::arithmetic_of(KernelControl::correct));
  const Problem p = normal_problem(1);
  Result result = kernel.run(p, {}).result;
  result.out.set({0, 0, 3, 2}, result.out.at({0, 0, 3, 2}) + 0.01);
  const KernelReport report = check_capture("capture", p, result, {});
  EXPECT_EQ(report.verdict, Verdict::defective) << test::told(report);
  EXPECT_FALSE(report.inferred);
  ASSERT_EQ(report.findings.size(), 1U);
}

TEST(ExplainCapture, WhatIsWrongStaysWrong) {
  for (const KernelFault fault : {KernelFault::key0_dropped, KernelFault::scale_missing,
                                  KernelFault::scale_5_percent, KernelFault::values_swapped}) {
    const KernelReport report = captured(KernelControl::correct, fault, "");
    EXPECT_EQ(report.verdict, Verdict::defective) << faults::entry_of(fault).name << test::told(report);
    EXPECT_FALSE(report.inferred);
  }
}

}  // namespace
}  // namespace attest::check
