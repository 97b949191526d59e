// Faults of any size: a large one is found, and what is 0 changes no bit.

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "check/fault_study/resolution.hpp"
#include "check/fault_study/study_kernel.hpp"
#include "check/peers/problems.hpp"
#include "check/peers/rules.hpp"

namespace attest::faults {
namespace {

std::vector<double> outputs(const faulty::Arithmetic& arithmetic, DType dtype) {
  const check::PeerRule& rule = check::peer_rules()[0];
  const Problem problem = check::peer_problem(rule, "b1 h1 q20 k20 d16 bottom-right", dtype, 1);
  return check::study_kernel("graded", arithmetic)->run(problem, {}).result.out.values();
}

double difference(const check::GradedFault& fault, int step) {
  const std::vector<double> right = outputs({}, DType::f32);
  const std::vector<double> wrong = outputs(fault.arithmetic(step), DType::f32);
  double most = 0;
  for (std::size_t at = 0; at < right.size(); ++at) most = std::max(most, std::fabs(right[at] - wrong[at]));
  return most;
}

TEST(GradedFaults, GrowSmallerFromStepToStep) {
  for (const check::GradedFault& fault : check::graded_faults()) {
    EXPECT_GT(difference(fault, fault.first), 1e-2) << fault.name;
    EXPECT_GT(difference(fault, fault.first), 2 * difference(fault, fault.first + 3)) << fault.name;
    EXPECT_LT(difference(fault, fault.last), 1e-6) << fault.name;
  }
}

// The scale's size is a factor of the score: with 2^-1 the output is that of 1.5 times the scale.
TEST(GradedFaults, OfTheScaleMultiplyIt) {
  const check::PeerRule& rule = check::peer_rules()[0];
  Problem problem = check::peer_problem(rule, "b1 h1 q20 k20 d16", DType::f32, 1);
  const std::vector<double> wrong = check::study_kernel("graded", check::graded_faults()[0].arithmetic(1))
                                        ->run(problem, {})
                                        .result.out.values();
  problem.scale *= 1.5;
  EXPECT_EQ(wrong, check::study_kernel("right", {})->run(problem, {}).result.out.values());
}

TEST(GradedFaults, AreFoundWhereTheyAreLarge) {
  for (const check::GradedFault& fault : check::graded_faults()) {
    check::StudyOptions options;
    options.effort = check::Effort::quick;
    options.cases_after_first = 1;
    const check::FaultResult found =
        check::study_fault([&] { return check::study_kernel("graded", fault.arithmetic(fault.first)); },
                           KernelFault::none, DTypes{DType::bf16, DType::bf16}, options);
    EXPECT_EQ(found.verdict, check::Verdict::defective) << fault.name;
  }
}

faulty::Arithmetic leak_at_first(int step) {
  faulty::Arithmetic arithmetic;
  if (step == 1) arithmetic.leak = 0.1;
  return arithmetic;
}

TEST(GradedFaults, AreTriedUpToTheFirstSizeThatIsNotFound) {
  check::StudyOptions options;
  options.effort = check::Effort::quick;
  options.dtypes = {DType::f32};
  options.cases_after_first = 1;
  const auto fault = [](std::string_view name, int last) {
    return check::GradedFault{
        .name = name, .sentence = "{}", .size = "{}", .first = 1, .last = last, .arithmetic = leak_at_first};
  };
  const auto results = check::run_resolution_study(options, {fault("some", 3), fault("all", 1)});
  ASSERT_EQ(results.size(), 2U);
  EXPECT_EQ(results[0].name, "some");
  EXPECT_EQ(results[0].found_by.size(), 1U);
  EXPECT_FALSE(results[0].all_found);
  EXPECT_EQ(results[1].name, "all");
  ASSERT_EQ(results[1].found_by.size(), 1U);
  EXPECT_TRUE(results[1].all_found);
  EXPECT_NE(results[1].found_by[0], "alarm");
}

TEST(GradedFaults, AreWrittenWithTheirSize) {
  EXPECT_EQ(check::graded_size(check::graded_faults()[0], 7), "2^-7");
  EXPECT_EQ(check::graded_size(check::graded_faults()[3], 7), "7");
}

}  // namespace
}  // namespace attest::faults
