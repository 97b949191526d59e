// The variants of the oneDNN adapter. An instruction set can be chosen once in a process, so each runs in a
// child.
#include <algorithm>
#include <csignal>
#include <cstdio>

#include <gtest/gtest.h>

#include "kernel/adapters/registry.hpp"
#include "onednn_numerics.hpp"
#include "onednn_support.hpp"
#include "oracle/judge/judge.hpp"

namespace attest::onednn_tests {
namespace {

std::vector<std::string> narrower_isas() {
  std::vector<std::string> names = kernel::onednn_adapter().variants;
  names.erase(std::remove_if(names.begin(), names.end(),
                             [](const std::string& name) { return name != "avx2" && name != "sse41"; }),
              names.end());
  return names;
}

// Whether attention with every kind of term is within the variant's declared contract.
bool keeps_contract(const std::string& variant, double softcap) {
  Problem problem = random_problem({2, 4, 2, 5, 23, 20, 9}, DType::f32, 9);
  problem.softcap = softcap;
  problem.causal = Causal::bottom_right;
  const kernel::RunOutcome outcome = run(problem, variant);
  if (outcome.status != kernel::RunStatus::ok) return false;
  return !oracle::judge(problem, outcome.result,
                        oracle::contract_for(info(variant).contract, DType::f32, DType::f32))
              .violated();
}

[[noreturn]] void exit_with(bool success, const std::string& variant) {
  std::fprintf(stderr, "%s contract %s\n", variant.c_str(), info(variant).contract.c_str());
  std::exit(success ? 0 : 1);
}

TEST(OnednnVariantDeathTest, NarrowerInstructionSetsKeepTheContractsThatTheyDeclare) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_FALSE(narrower_isas().empty());
  for (const std::string& variant : narrower_isas()) {
    EXPECT_EXIT(exit_with(info(variant).name == "onednn:" + variant && keeps_contract(variant, 0) &&
                              keeps_contract(variant, 3),
                          variant),
                ::testing::ExitedWithCode(0), variant);
  }
}

bool has_declared_errors(const std::string& variant) {
  const Declared declared = declared_f32(variant);
  const double exponential = worst_exponential(variant);
  return exponential <= declared.exp_rel && exponential > 0.95 * declared.exp_rel &&
         worst_tanh(variant) <= declared.tanh_rel;
}

TEST(OnednnVariantDeathTest, NarrowerInstructionSetsHaveTheDeclaredExponentialError) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  for (const std::string& variant : narrower_isas()) {
    EXPECT_EXIT(exit_with(has_declared_errors(variant), variant), ::testing::ExitedWithCode(0), variant);
  }
}

// oneDNN 2.6 divides by the number of rows when it multiplies matrices without any.
TEST(OnednnVariantDeathTest, NoRowsEndTheProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(run(zeros({.q_len = 0})), ::testing::KilledBySignal(SIGFPE), "");
}

TEST(OnednnVariantDeathTest, NarrowerInstructionSetsDeclineBf16) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const Problem problem = random_problem({1, 2, 2, 3, 4, 8, 8}, DType::bf16, 1);
  for (const std::string& variant : narrower_isas()) {
    EXPECT_EXIT(exit_with(run(problem, variant).status == kernel::RunStatus::unsupported, variant),
                ::testing::ExitedWithCode(0), variant);
  }
}

TEST(OnednnVariant, AnotherInstructionSetIsRefusedOnceOneDnnHasRun) {
  ASSERT_EQ(run(random_problem({}, DType::f32, 1)).status, kernel::RunStatus::ok);
  for (const std::string& variant : narrower_isas())
    EXPECT_THROW(kernel::onednn_adapter().open(variant), kernel::KernelOpenError);
}

TEST(OnednnVariant, AnUnknownNameIsRefused) {
  EXPECT_THROW(kernel::onednn_adapter().open("avx3"), kernel::KernelOpenError);
}

TEST(OnednnVariant, NamesTheLibrarysVersion) { EXPECT_EQ(info().version.substr(0, 2), "2."); }

// oneDNN 2.6 keeps one eltwise kernel for each algorithm of a chain of post-operations, so that linear ones
// all use the first's alpha; later releases key them by position.
TEST(OnednnVariant, LinearSoftcapShowsThatChainedLinearPostOperationsShareOneAlpha) {
  EXPECT_TRUE(keeps_contract("", 3));
  EXPECT_TRUE(keeps_contract("linear-softcap", 0));
  if (info().version.substr(0, 4) == "2.6.") {
    EXPECT_FALSE(keeps_contract("linear-softcap", 3));
  } else {
    EXPECT_TRUE(keeps_contract("linear-softcap", 3));
  }
}

}  // namespace
}  // namespace attest::onednn_tests
