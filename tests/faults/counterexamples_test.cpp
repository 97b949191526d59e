// A proof that fails becomes a test that catches: every fault of the recurrence whose counterexample a solver
// found is caught on the family made of these counterexamples, with no other family.
#include "check/generate/families/counterexamples.hpp"

#include <map>
#include <optional>

#include <gtest/gtest.h>

#include "check/generate/families.hpp"
#include "check/outline/features.hpp"
#include "kernels.hpp"
#include "laws/evaluate.hpp"

namespace attest {
namespace {

// The kernels that have the table's faults, by its numbers. A 13 has two forms.
const std::multimap<std::string_view, KernelFault>& kernels_by_number() {
  static const std::multimap<std::string_view, KernelFault> kernels{
      {"5", KernelFault::tail_scores_zero},
      {"7", KernelFault::softcap_after_mask},
      {"9c", KernelFault::mask_fill_finite},
      {"10a", KernelFault::rescale_skipped},
      {"10b", KernelFault::rescale_numerator_skipped},
      {"10c", KernelFault::rescale_denominator_skipped},
      {"11", KernelFault::divides_in_loop},
      {"12", KernelFault::lse_base2_merged},
      {"13", KernelFault::empty_split_uninitialised},
      {"13", KernelFault::empty_split_lse_zero},
      {"21", KernelFault::key0_dropped}};
  return kernels;
}

const Family& family() {
  const auto named = [](const Family& f) { return f.name == "counterexamples"; };
  return *std::find_if(families().begin(), families().end(), named);
}

Problem case_of(std::uint64_t seed) {
  GenContext context;
  context.contract = "f32";
  context.usual_work = 3e4;
  context.large_share = 0;
  context.set(Feature::mixed_dtypes, 0);
  for (const Feature f : {Feature::f64, Feature::f16, Feature::bf16}) context.set(f, 0);
  return problems(family(), context)(rc::Random(seed)).value();
}

bool caught(Kernel& kernel, const char* contract, const Problem& p) {
  const ContractSet set = contract_for(contract, p.q.dtype(), p.k.dtype());
  Subject subject(kernel, p, set, {});
  for (const char* law : {"definition", "lse"}) {
    if (evaluate(*find_law(law), subject).standing == LawStanding::broken) return true;
  }
  return false;
}

std::optional<int> cases_to_catch(KernelFault fault, int most) {
  const auto kernel = test::kernel_of(fault);
  for (int n = 1; n <= most; ++n) {
    if (caught(*kernel, faulty::contract_of(fault), case_of(static_cast<std::uint64_t>(n)))) return n;
  }
  return std::nullopt;
}

TEST(Counterexamples, EachFaultIsCaughtByTheFamilyAloneWithinFewCases) {
  for (const Counterexample& entry : counterexamples()) {
    const auto [begin, end] = kernels_by_number().equal_range(entry.fault);
    ASSERT_NE(begin, end) << entry.fault;
    for (auto at = begin; at != end; ++at) {
      const std::optional<int> cases = cases_to_catch(at->second, 40);
      EXPECT_TRUE(cases.has_value()) << entry.fault << ": " << entry_of(at->second).name;
      RecordProperty(std::string(entry_of(at->second).name), cases.value_or(-1));
    }
  }
}

TEST(Counterexamples, LeaveTheCorrectKernelAlone) {
  EXPECT_EQ(cases_to_catch(KernelFault::none, 40), std::nullopt);
}

}  // namespace
}  // namespace attest
