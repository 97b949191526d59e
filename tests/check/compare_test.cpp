// Which of two kernels is wrong.

#include "check/compare/compare.hpp"

#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "check/compare/changed_kernel.hpp"
#include "check/fault_study/study_kernel.hpp"
#include "check/region/region.hpp"
#include "faults/catalogue.hpp"
#include "plain_kernel.hpp"
#include "problem/kv_storage.hpp"
#include "scripted_kernel.hpp"

namespace attest::check {
namespace {

using faults::KernelControl;
using faults::KernelFault;

std::unique_ptr<kernel::Kernel> fault(KernelFault which) { return study_kernel(faults::entry_of(which)); }

std::unique_ptr<kernel::Kernel> control(KernelControl which) {
  for (const faults::KernelControlEntry& entry : faults::control_catalogue()) {
    if (entry.control == which) return study_kernel(entry);
  }
  return nullptr;
}

PairReport compared(kernel::Kernel& first, kernel::Kernel& second, std::int64_t cases = 24) {
  CampaignOptions options;
  options.cases = cases;
  options.seed = 3;
  options.budget_seconds = 250;
  options.dtype = DType::f32;
  return compare_kernels({&first, "first", "first", ""}, {&second, "second", "second", ""}, options);
}

TEST(Compare, NamesTheWrongKernel) {
  const auto wrong = fault(KernelFault::causal_key_ahead);
  const auto right = control(KernelControl::correct);
  const PairReport report = compared(*wrong, *right);
  EXPECT_EQ(report.verdict, PairVerdict::one_wrong);
  EXPECT_TRUE(report.wrong(0));
  EXPECT_FALSE(report.wrong(1));
  EXPECT_GT(report.differences.all().beyond, 0);
  // In the smallest case, the other kernel gives what is expected.
  ASSERT_EQ(report.others[0].size(), report.kernels[0].findings.size());
  ASSERT_FALSE(report.others[0].empty());
  const oracle::Element& worst = report.kernels[0].findings[0].elements.at(0);
  EXPECT_EQ(report.others[0][0].kind, OtherAnswer::Kind::right);
  ASSERT_TRUE(report.others[0][0].got);
  EXPECT_EQ(*report.others[0][0].got, worst.expected);
  EXPECT_NE(worst.got, worst.expected);
}

TEST(Compare, NamesAKernelWhoseFaultIsNoNumber) {
  const auto wrong = test::plain_kernel(test::Fault::mxcsr_left, test::kEveryPreset);
  const auto right = control(KernelControl::correct);
  const PairReport report = compared(*right, *wrong);
  EXPECT_EQ(report.verdict, PairVerdict::one_wrong);
  EXPECT_TRUE(report.wrong(1));
  EXPECT_EQ(report.differences.all().beyond, 0);
}

TEST(Compare, FindsOneKernelEqualToItself) {
  const auto one = control(KernelControl::correct);
  const auto two = control(KernelControl::correct);
  const PairReport report = compared(*one, *two);
  EXPECT_EQ(report.verdict, PairVerdict::equal_bits);
  EXPECT_EQ(report.differences.all().equal, report.differences.all().outputs);
  EXPECT_EQ(report.differences.all().equal_cases, report.differences.all().cases);
  EXPECT_EQ(report.differences.all().ratios.max(), 0);
  EXPECT_GT(report.differences.all().outputs, 1000);
}

TEST(Compare, FindsRightKernelsEquivalentThatDiffer) {
  const auto one = control(KernelControl::tile_7);
  const auto two = control(KernelControl::split_2);
  const PairReport report = compared(*one, *two);
  EXPECT_EQ(report.verdict, PairVerdict::equivalent);
  const Differences& all = report.differences.all();
  EXPECT_LT(all.equal, all.outputs);
  EXPECT_EQ(all.beyond, 0);
  EXPECT_GT(all.ratios.max(), 0);
  EXPECT_LE(all.ratios.max(), 1);
  EXPECT_GE(all.largest_ulp, 1);
  EXPECT_GE(report.differences.by_feature().size(), 10U);
  EXPECT_GE(report.differences.by_shape().size(), 4U);
}

TEST(Compare, NamesBothWhereEachIsWrong) {
  const auto one = fault(KernelFault::zeros);
  const auto two = fault(KernelFault::key0_dropped);
  const PairReport report = compared(*one, *two, 12);
  EXPECT_EQ(report.verdict, PairVerdict::both_wrong);
  EXPECT_TRUE(report.wrong(0));
  EXPECT_TRUE(report.wrong(1));
}

// Both take f32 with and without softcap, but not the same of causality.
TEST(Compare, StaysInWhatBothTake) {
  const auto declining = [](Causal causal) {
    return std::make_unique<test::ScriptedKernel>(
        [causal](const Problem& p, const kernel::RunOptions&) -> std::optional<kernel::RunOutcome> {
          if (p.causal != causal) return std::nullopt;
          kernel::RunOutcome outcome;
          outcome.status = kernel::RunStatus::unsupported;
          return outcome;
        },
        test::kEveryPreset);
  };
  const auto one = declining(Causal::top_left);
  const auto two = declining(Causal::bottom_right);
  const PairReport report = compared(*one, *two);
  EXPECT_EQ(report.verdict, PairVerdict::equal_bits);
  for (const auto& [name, differences] : report.differences.by_feature())
    EXPECT_EQ(name.find("causal"), std::string::npos) << name;
  EXPECT_LT(report.kernels[0].declined, 5);
  EXPECT_EQ(report.kernels[0].declined, report.kernels[1].declined);
}

TEST(Compare, CannotTellWhereNothingIsTakenByBoth) {
  const auto only = [](DType dtype) {
    return std::make_unique<test::ScriptedKernel>(
        [dtype](const Problem& p, const kernel::RunOptions&) -> std::optional<kernel::RunOutcome> {
          if (p.q.dtype() == dtype) return std::nullopt;
          kernel::RunOutcome outcome;
          outcome.status = kernel::RunStatus::unsupported;
          return outcome;
        },
        test::kEveryPreset);
  };
  const auto one = only(DType::f32);
  const auto two = only(DType::f16);
  const PairReport report = compared(*one, *two, 10);
  EXPECT_EQ(report.verdict, PairVerdict::cannot_tell);
  EXPECT_FALSE(report.why.empty());
  EXPECT_EQ(report.differences.all().outputs, 0);
}

// Declines keys and values that its cache does not hold.
std::unique_ptr<kernel::Kernel> with_cache(KvStorage storage, const char* contract) {
  return std::make_unique<test::ScriptedKernel>(
      [storage](const Problem& p, const kernel::RunOptions&) -> std::optional<kernel::RunOutcome> {
        if (holds(KvStorages::both(storage), p)) return std::nullopt;
        kernel::RunOutcome outcome;
        outcome.status = kernel::RunStatus::unsupported;
        return outcome;
      },
      contract);
}

TEST(Compare, PutsKeysAndValuesThatBothCachesHold) {
  const auto f16 = with_cache(KvStorage::f16, "f32;kv_storage=f16");
  const auto q8 = with_cache(KvStorage::q8_0, "f32;kv_storage=q8_0");
  const auto q4 = with_cache(KvStorage::q4_0, "f32;kv_storage=q4_0");
  for (const auto& [first, second] :
       {std::pair(f16.get(), q8.get()), std::pair(q4.get(), f16.get()), std::pair(q8.get(), q4.get())}) {
    const PairReport report = compared(*first, *second, 20);
    EXPECT_GE(report.differences.all().cases, 15);
    EXPECT_EQ(report.differences.all().equal, report.differences.all().outputs);
    EXPECT_FALSE(report.wrong(0) || report.wrong(1));
    EXPECT_TRUE(report.kernels[0].region.extents.empty()) << report.kernels[0].region.extents.front().first;
  }
}

// Alone, each batch is batch 0.
TEST(Compare, ComparesAKernelWithItsBatchesApart) {
  const auto whole = fault(KernelFault::batch_ignored);
  const auto apart = with_batches(fault(KernelFault::batch_ignored), 1);
  const PairReport report = compared(*whole, *apart);
  EXPECT_EQ(report.verdict, PairVerdict::one_wrong);
  EXPECT_TRUE(report.wrong(0));
}

TEST(Compare, CallsAKernelWithOtherThreads) {
  const auto one = test::plain_kernel(test::Fault::two_threads, test::kEveryPreset);
  const auto two = with_threads(test::plain_kernel(test::Fault::two_threads, test::kEveryPreset), 2);
  Problem p;
  p.q = p.k = p.v = Tensor(DType::f32, {1, 1, 2, 4});
  p.v.assign({1, 2, 3, 4, 5, 6, 7, 8});
  const kernel::RunOutcome a = one->run(p, {});
  const kernel::RunOutcome b = two->run(p, {});
  ASSERT_EQ(b.status, kernel::RunStatus::ok);
  EXPECT_NE(a.result.out.values(), b.result.out.values());
}

Problem two_rows() {
  Problem p;
  p.q = p.k = Tensor(DType::f32, {1, 1, 2, 1});
  p.v = Tensor(DType::f32, {1, 1, 2, 2});
  p.v.assign({1, 2, 3, 4});
  return p;
}

// With scores of 0 every output is the mean of the values: 2 and 3.
Result result_of(const Problem& p, const std::vector<double>& out) {
  Result result{Tensor(DType::f32, p.out_shape()), std::nullopt};
  result.out.assign(out);
  return result;
}

TEST(Compare, JudgesTwoResultsOfOneProblem) {
  const Problem p = two_rows();
  const ComparedResult right{"right", result_of(p, {2, 3, 2, 3}), "f32"};
  const ComparedResult wrong{"wrong", result_of(p, {2, 3, 2, 3.5}), "f32"};
  const ComparedResult near{"near", result_of(p, {2, 3, 2, 3 + 0x1p-22}), "f32"};
  EXPECT_EQ(compare_results(p, right, right, {}).verdict, PairVerdict::equal_bits);
  const PairReport close = compare_results(p, right, near, {});
  EXPECT_EQ(close.verdict, PairVerdict::equivalent);
  EXPECT_EQ(close.differences.all().largest_ulp, 1);
  EXPECT_EQ(close.differences.all().equal, 3);
  const PairReport report = compare_results(p, wrong, right, {});
  EXPECT_EQ(report.verdict, PairVerdict::one_wrong);
  EXPECT_TRUE(report.wrong(0));
  EXPECT_EQ(report.differences.all().beyond, 1);
  ASSERT_EQ(report.others[0].size(), 1U);
  EXPECT_EQ(report.others[0][0].kind, OtherAnswer::Kind::right);
  EXPECT_EQ(report.others[0][0].got, 3);
}

TEST(Compare, SaysOfEachPlaceWhetherTheOtherResultIsRightThere) {
  const Problem p = two_rows();
  const ComparedResult one{"one", result_of(p, {2, 3, 2, 3.5}), "f32"};
  const ComparedResult two{"two", result_of(p, {2, 3, 2.5, 3}), "f32"};
  const PairReport report = compare_results(p, one, two, {});
  EXPECT_EQ(report.verdict, PairVerdict::both_wrong);
  for (const std::size_t at : {0U, 1U}) {
    ASSERT_EQ(report.others[at].size(), 1U);
    EXPECT_EQ(report.others[at][0].kind, OtherAnswer::Kind::right) << "wrong in another channel of the row";
  }
  const ComparedResult loose{"loose", result_of(p, {2, 3, 2, 3}), "f32;exp_rel=0.9"};
  const PairReport against = compare_results(p, one, loose, {});
  ASSERT_EQ(against.others[0].size(), 1U);
  EXPECT_EQ(against.others[0][0].kind, OtherAnswer::Kind::no_result) << "its contract allows nearly anything";
  EXPECT_EQ(against.others[0][0].got, 3);
}

TEST(Compare, DividesDifferencesByTheSumOfBothBounds) {
  const Problem p = two_rows();
  const oracle::ContractSet f32 = oracle::contract_for("f32", DType::f32, DType::f32);
  const Result one = result_of(p, {2, 3, 2, 3});
  const Result two = result_of(p, {2, 3, 2, 4});
  DifferenceBook book;
  book.add(p, one, two, f32, f32);
  const DifferingOutput& farthest = book.farthest();
  EXPECT_EQ(farthest.i, 1);
  EXPECT_EQ(farthest.channel, 1);
  EXPECT_EQ(farthest.expected, 3);
  EXPECT_EQ(farthest.ratio, 1 / (farthest.first_bound + farthest.second_bound));
  EXPECT_EQ(book.all().ratios.count(), 4);
}

TEST(Compare, CountsResultsThatAreNoNumbers) {
  const Problem p = two_rows();
  const oracle::ContractSet f32 = oracle::contract_for("f32", DType::f32, DType::f32);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  DifferenceBook book;
  book.add(p, result_of(p, {nan, nan, HUGE_VAL, 3}), result_of(p, {nan, 3, -HUGE_VAL, 3}), f32, f32);
  EXPECT_EQ(book.all().equal, 2);
  EXPECT_EQ(book.all().unlike, 2);
  EXPECT_EQ(book.all().largest_ulp, 0);
  EXPECT_TRUE(std::isinf(book.all().ratios.max()));
}

TEST(Compare, CountsUlps) {
  EXPECT_EQ(ulps_between(DType::f32, 1, 1 + 0x1p-23), 1);
  EXPECT_EQ(ulps_between(DType::f32, 1, 1 - 0x1p-24), 1);
  EXPECT_EQ(ulps_between(DType::f16, 1, 2), 1024);
  EXPECT_EQ(ulps_between(DType::bf16, -1, -2), 128);
  EXPECT_EQ(ulps_between(DType::f64, 0, -0.0), 0);
  EXPECT_EQ(ulps_between(DType::f32, -0x1p-149, 0x1p-149), 2);
  EXPECT_GT(ulps_between(DType::f64, -1e308, 1e308), 0x1p63);
}

}  // namespace
}  // namespace attest::check
