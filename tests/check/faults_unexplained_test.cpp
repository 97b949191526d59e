// A wrong kernel is wrong under every contract: no ordinary relaxation explains a fault of the library away.

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "check/checker/relaxed_contract.hpp"
#include "check/explain/explainer.hpp"
#include "check/explain/trial.hpp"
#include "check/fault_study/study_kernel.hpp"
#include "undeclared.hpp"

namespace attest::check {
namespace {

using faults::KernelFault;
using faults::KernelFaultEntry;

constexpr std::int64_t kMostCases = 600;
constexpr std::int64_t kCasesAfterFirst = 20;

faults::DTypes dtypes_of(const KernelFaultEntry& entry) {
  return study_dtypes(entry, {DType::f32, DType::f16}).front();
}

CampaignOptions options_for(const faults::DTypes& dtypes) {
  CampaignOptions options;
  if (dtypes.q == dtypes.kv) options.dtype = dtypes.q;
  options.cases = kMostCases;
  options.budget_seconds = 3600;
  options.cases_after_first = kCasesAfterFirst;
  return options;
}

// Some faults show in a few cases of effort ci only.
KernelReport report_on(kernel::Kernel& kernel, CampaignOptions options) {
  KernelReport report = run_campaign(kernel, options);
  if (!report.findings.empty() || report.inferred) return report;
  options.effort = Effort::ci;
  options.cases.reset();
  return run_campaign(kernel, options);
}

// Whether the relaxation makes every case of a finding right, by bounds that say something.
bool explains(Trial& trial, const Finding& finding, const Relaxation& relaxation) {
  std::vector<Witness> witnesses{
      witness_of(finding.problem, *laws::find_law(finding.law), finding.placement, finding.elements)};
  for (const Problem& example : finding.examples)
    witnesses.push_back(witness_of(example, laws::law_of(laws::LawId::definition), finding.placement, {}));
  return trial.ask(witnesses, {&relaxation}) == Explained::right;
}

std::string relaxed_contract(KernelFault fault, const faults::DTypes& dtypes, std::string_view fields) {
  return relaxed(oracle::contract_for(faults::faulty::contract_of(fault), dtypes.q, dtypes.kv), fields).text;
}

class UnexplainedFault : public testing::TestWithParam<std::size_t> {
 protected:
  const KernelFaultEntry& entry() const { return faults::fault_catalogue()[GetParam()]; }
};

std::string name_of_parameter(const testing::TestParamInfo<std::size_t>& info) {
  return std::string(faults::fault_catalogue()[info.param].name);
}

// The campaign under the declared contract finds it. No ordinary relaxation makes its cases right, or another
// campaign under that contract finds others, or it certainly is a known bug, of which no contract is asked.
TEST_P(UnexplainedFault, IsFoundUnderEveryOrdinaryRelaxation) {
  const faults::DTypes dtypes = dtypes_of(entry());
  const std::unique_ptr<kernel::Kernel> kernel = study_kernel(entry());
  const KernelReport report = report_on(*kernel, options_for(dtypes));
  ASSERT_FALSE(report.findings.empty()) << entry().name;
  Trial trial(*kernel, faults::faulty::contract_of(entry().fault), std::chrono::milliseconds{10'000}, 1);
  for (const Relaxation& relaxation : relaxations()) {
    if (relaxation.kind != RelaxationClass::ordinary || !relaxation.applies(dtypes.q, dtypes.kv)) continue;
    const bool explained = std::all_of(report.findings.begin(), report.findings.end(), [&](const Finding& f) {
      return is_number(f.kind) && explains(trial, f, relaxation);
    });
    if (!explained) continue;
    RecordProperty("explained_by", std::string(relaxation.name));
    CampaignOptions options = options_for(dtypes);
    options.contract = relaxed_contract(entry().fault, dtypes, relaxation.fields);
    const KernelReport again = run_campaign(*kernel, options);
    const bool known = std::any_of(report.findings.begin(), report.findings.end(),
                                   [](const Finding& f) { return !first_class_for(f); });
    EXPECT_TRUE(again.verdict == Verdict::defective || known) << relaxation.name << ": " << test::told(again);
  }
}

// Without a declaration the search may adopt what the kernel does besides, and finds the fault nevertheless.
TEST_P(UnexplainedFault, IsFoundWhereNothingIsDeclared) {
  const faults::DTypes dtypes = dtypes_of(entry());
  auto kernel = test::kernel_with("", entry().fault, {});
  const KernelReport report = report_on(kernel, options_for(dtypes));
  const bool narrow = is_narrow_arithmetic(entry().fault);
  const bool suspect = report.verdict == Verdict::suspect && report.inferred &&
                       report.inferred->kind == RelaxationClass::narrower;
  EXPECT_TRUE(report.verdict == Verdict::defective || (narrow && suspect)) << test::told(report);
}

// All but those that keep state between calls, which the kernel of these tests does not.
std::vector<std::size_t> stateless_faults() {
  std::vector<std::size_t> faults;
  for (std::size_t i = 0; i < faults::fault_catalogue().size(); ++i)
    if (faults::fault_catalogue()[i].signature != KernelFault::none) faults.push_back(i);
  return faults;
}

INSTANTIATE_TEST_SUITE_P(Library, UnexplainedFault, testing::ValuesIn(stateless_faults()), name_of_parameter);

}  // namespace
}  // namespace attest::check
