// Contracts that fit only some of the types that a kernel takes, or none, are never taken for more.

#include <algorithm>

#include <gtest/gtest.h>

#include "check/campaign/campaign.hpp"
#include "check/checker/contract_probe.hpp"
#include "check/explore/explore.hpp"
#include "scripted_kernel.hpp"

namespace attest::check {
namespace {

// Takes f32 and bf16 alone.
test::ScriptedKernel two_types() {
  return test::ScriptedKernel([](const Problem& p, const kernel::RunOptions&) {
    const auto taken = [](DType type) { return type == DType::f32 || type == DType::bf16; };
    return test::declined_if(!taken(p.q.dtype()) || !taken(p.k.dtype()));
  });
}

Region region_of(kernel::Kernel& kernel) {
  Prober::Limits limits;
  limits.calls = 900;
  Prober prober(kernel, GenContext(), limits);
  return explore(prober, {});
}

TEST(ContractProbe, SaysWhatAKernelTakesWhereNothingFits) {
  test::ScriptedKernel kernel = two_types();
  const Region region = region_of(kernel);
  EXPECT_TRUE(why_contract_fits_nothing(region, "f64")
                  .starts_with("f32 (preset f32), bf16 (preset flash-bf16 | unfused-bf16)"));
  EXPECT_EQ(why_contract_fits_nothing(region, "f32"), "");
  EXPECT_FALSE(why_contract_fits_nothing(region, "flash-f16;key_block=16;probability.scale=256").empty())
      << "fields fit no better than their preset";
  EXPECT_EQ(why_contract_fits_nothing(region, "f64|unfused-bf16"), "");
  EXPECT_THROW(why_contract_fits_nothing(region, "f33"), oracle::ContractError);
  test::ScriptedKernel nothing(
      [](const Problem&, const kernel::RunOptions&) { return test::declined_if(true); });
  EXPECT_EQ(why_contract_fits_nothing(region_of(nothing), "f64"), "") << "what it takes is not known";
}

KernelReport report_under(const std::string& contract) {
  test::ScriptedKernel kernel = two_types();
  CampaignOptions options;
  options.cases = 60;
  options.budget_seconds = 100;
  options.contract = contract;
  return run_campaign(kernel, options);
}

TEST(Contracts, AreDeclaredForTheTypesThatTheyFitAlone) {
  const KernelReport report = report_under("flash-bf16");
  EXPECT_TRUE(report.contract_declared);
  EXPECT_EQ(report.contract, "flash-bf16");
  ASSERT_EQ(report.contracts.size(), 2U);
  for (const ContractReport& entry : report.contracts) {
    EXPECT_EQ(entry.declared, entry.text == "flash-bf16") << entry.text;
    ASSERT_FALSE(entry.dtypes.empty());
    if (!entry.declared) {
      EXPECT_EQ(entry.dtypes, std::vector<std::string>{"f32"});
    }
  }
}

TEST(Contracts, ThatFitNothingAreNotCalledDeclared) {
  const KernelReport report = report_under("f64");
  EXPECT_FALSE(report.contract_declared);
  EXPECT_EQ(report.declared_contract, "f64");
  EXPECT_EQ(report.contract, "f32, flash-bf16 | unfused-bf16");
  EXPECT_EQ(report_under("").declared_contract, "");
}

TEST(Contracts, LimitRowsOnlyWhereTheirTypesWereAnswered) {
  const std::string limited = ";accumulate_denominator.order=sequential";
  EXPECT_FALSE(report_under("f32|flash-f16" + limited).saturates_at.has_value());
  EXPECT_TRUE(report_under("f32|flash-bf16" + limited).saturates_at.has_value());
}

std::uint64_t rows(const Problem& p) { return static_cast<std::uint64_t>(p.q_heads() * p.q_len()); }

TEST(Memory, IsOfTheDeepestStackAndOfTheLargestCaseCalledAgain) {
  bool measured = false;
  std::uint64_t deepest = 0;
  std::uint64_t most = 0;
  std::uint64_t previous = 0;
  test::ScriptedKernel kernel([&](const Problem&, const kernel::RunOptions& options) {
    measured = options.measure_heap;
    return std::nullopt;
  });
  kernel.after = [&](const Problem& p, kernel::RunOutcome& outcome) {
    if (outcome.status != kernel::RunStatus::ok) return;
    const std::uint64_t work =
        static_cast<std::uint64_t>(p.batch()) * rows(p) * static_cast<std::uint64_t>(p.kv_len());
    outcome.memory.stack_bytes = 1000 + rows(p);
    if (measured) {
      EXPECT_EQ(previous, work) << "the first call of a case may set something up";
      outcome.memory.heap_bytes = work;
    }
    previous = work;
    deepest = std::max(deepest, 1000 + rows(p));
    most = std::max(most, work);
  };
  CampaignOptions options;
  options.cases = 60;
  options.budget_seconds = 100;
  const MemoryReport memory = run_campaign(kernel, options).memory;
  ASSERT_TRUE(memory.stack_bytes && memory.heap_bytes);
  EXPECT_LE(*memory.stack_bytes, deepest);
  EXPECT_GE(*memory.stack_bytes, 1000 + 32U);
  EXPECT_FALSE(memory.stack_case.empty());
  EXPECT_LE(*memory.heap_bytes, most);
  EXPECT_GE(*memory.heap_bytes, 1000U) << memory.heap_case;
}

}  // namespace
}  // namespace attest::check
