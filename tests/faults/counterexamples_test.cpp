// A proof that fails becomes a test that catches: every fault of the recurrence whose counterexample a solver
// found is caught on the family made of these counterexamples, with no other family.
#include "check/generate/families/counterexamples.hpp"

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "check/generate/families.hpp"
#include "check/outline/features.hpp"
#include "kernels.hpp"
#include "laws/evaluate.hpp"

namespace attest::faults {
namespace {

// The kernels that do what a counterexample refutes: the one that has the root cause, and relatives of it.
std::vector<KernelFault> kernels_of(RootCause cause) {
  std::vector<KernelFault> kernels;
  for (const KernelFaultEntry& entry : fault_catalogue()) {
    if (root_cause_of(entry.fault) == cause) kernels.push_back(entry.fault);
  }
  if (cause == RootCause::empty_split_lse_zero) kernels.push_back(KernelFault::empty_split_uninitialised);
  if (cause == RootCause::weight_not_counted) kernels.push_back(KernelFault::key0_dropped);
  return kernels;
}

const check::Family& family() { return check::families()[check::index_of(check::FamilyId::counterexamples)]; }

Problem case_of(std::uint64_t seed) {
  check::GenContext context;
  context.contract = "f32";
  context.usual_work = 3e4;
  context.large_share = 0;
  context.set(check::Feature::mixed_dtypes, 0);
  for (const check::Feature f : {check::Feature::f64, check::Feature::f16, check::Feature::bf16})
    context.set(f, 0);
  return check::problems(family(), context)(rc::Random(seed)).value();
}

bool caught(kernel::Kernel& kernel, const char* contract, const Problem& p) {
  const oracle::ContractSet set = oracle::contract_for(contract, p.q.dtype(), p.k.dtype());
  laws::Subject subject(kernel, p, set, {});
  for (const laws::LawId law : {laws::LawId::definition, laws::LawId::lse}) {
    if (laws::evaluate(laws::law_of(law), subject).standing == laws::LawStanding::broken) return true;
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
  for (const check::Counterexample& entry : check::counterexamples()) {
    const std::string_view cause = entry_of(entry.cause).name;
    const std::vector<KernelFault> kernels = kernels_of(entry.cause);
    ASSERT_FALSE(kernels.empty()) << cause;
    for (const KernelFault kernel : kernels) {
      const std::optional<int> cases = cases_to_catch(kernel, 40);
      EXPECT_TRUE(cases.has_value()) << cause << ": " << entry_of(kernel).name;
      RecordProperty(std::string(entry_of(kernel).name), cases.value_or(-1));
    }
  }
}

TEST(Counterexamples, LeaveTheCorrectKernelAlone) {
  EXPECT_EQ(cases_to_catch(KernelFault::none, 40), std::nullopt);
}

}  // namespace
}  // namespace attest::faults
