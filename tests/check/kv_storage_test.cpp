// A kernel with a compressed cache is given what the cache holds, by whatever draws, prepares, changes or
// shrinks problems.
#include "problem/kv_storage.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "check/campaign/case_plan.hpp"
#include "check/checker/checker.hpp"
#include "check/generate/families.hpp"
#include "check/shrink/shrink.hpp"
#include "laws/law.hpp"
#include "oracle/contract/questions.hpp"
#include "scripted_kernel.hpp"

namespace attest::check {
namespace {

GenContext small_problems(const std::string& contract) {
  GenContext context;
  context.usual_work = 3e3;
  context.large_share = 0;
  context.contract = contract;
  return context;
}

bool finite(const Tensor& t) {
  const std::vector<double> values = t.values();
  return std::all_of(values.begin(), values.end(), [](double x) { return std::isfinite(x); });
}

TEST(KvStorageOfPlans, ProblemsHaveValuesThatTheContractsStorageHolds) {
  int changed = 0;
  for (std::int64_t number = 0; number < 200; ++number) {
    const Problem plain = plan_case(3, number, small_problems("f32")).problem;
    const GenContext context = small_problems("f32;kv_storage=q4_0");
    const Problem p = plan_case(3, number, context).problem;
    ASSERT_EQ(why_invalid(p), "");
    // Where what is declared does not fit, the kernel stores what it is given.
    const oracle::ContractSet contract = oracle::contract_for(context.contract, p.q.dtype(), p.k.dtype());
    const KvStorages storage = contract.alternatives.front().kv_storage;
    EXPECT_EQ(storage == KvStorages::both(KvStorage::q4_0), contract.declared);
    EXPECT_EQ(stored(p, storage).v.values(), p.v.values()) << describe(p);
    EXPECT_EQ(stored(p, storage).k.values(), p.k.values()) << describe(p);
    EXPECT_TRUE(finite(p.k) && finite(p.v)) << describe(p);
    changed += plain.v.bytes() != p.v.bytes();
  }
  EXPECT_GT(changed, 20);
}

// The calls of every law on problems of every family, and every first step of shrinking, as a kernel sees
// them.
class KvStorageOf : public testing::TestWithParam<const char*> {};

TEST_P(KvStorageOf, EveryCallAndEveryShrinkStepHasValuesThatTheStorageHolds) {
  const std::string declared = GetParam();
  std::int64_t given = 0;
  test::ScriptedKernel kernel([&](const Problem& p, const kernel::RunOptions&) {
    ++given;
    const oracle::ContractSet contract = oracle::contract_for(declared, p.q.dtype(), p.k.dtype());
    EXPECT_TRUE(holds(oracle::kv_storage(contract), p)) << describe(p);
    return std::nullopt;
  });
  Checker checker(kernel, declared, std::chrono::seconds(10));
  std::set<std::size_t> families;
  std::set<std::string_view> prepared;
  std::int64_t given_by_shrinking = 0;
  for (std::int64_t number = 0; number < 90 && !HasFailure(); ++number) {
    const CasePlan plan = plan_case(5, number, small_problems(declared));
    families.insert(plan.family);
    checker.check(plan.problem, plan.laws, plan.placement, false);
    for (const PreparedLaw& own : plan.prepared) {
      prepared.insert(own.law->name);
      checker.check(own.problem, *own.law, plan.placement);
    }
    const std::int64_t before = given;
    rc::Seq<Problem> shrinks = shrinks_of(plan.problem);
    for (int n = 0; n < 25; ++n) {
      const rc::Maybe<Problem> step = shrinks.next();
      if (!step) break;
      checker.check(*step, laws::law_of(laws::LawId::definition), plan.placement);
    }
    given_by_shrinking += given - before;
  }
  EXPECT_EQ(families.size(), check::families().size());
  EXPECT_GT(prepared.size(), 5U);
  EXPECT_GT(given_by_shrinking, 500);
}

INSTANTIATE_TEST_SUITE_P(Storages, KvStorageOf,
                         testing::Values("f32;kv_storage=f16", "f32;kv_storage=bf16", "f32;kv_storage=q8_0",
                                         "f32;q_conversion=q8_1;kv_storage=q5_1/iq4_nl"),
                         [](const auto& each) {
                           const std::string text = each.param;
                           std::string name = text.substr(text.rfind('=') + 1);
                           std::replace(name.begin(), name.end(), '/', '_');
                           return name;
                         });

}  // namespace
}  // namespace attest::check
