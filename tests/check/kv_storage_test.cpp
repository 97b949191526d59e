// A kernel with a compressed cache is given what the cache holds.
#include "problem/kv_storage.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "check/campaign/case_plan.hpp"

namespace attest::check {
namespace {

bool finite(const Tensor& t) {
  const std::vector<double> values = t.values();
  return std::all_of(values.begin(), values.end(), [](double x) { return std::isfinite(x); });
}

TEST(KvStorageOfPlans, ProblemsHaveValuesThatTheContractsStorageHolds) {
  GenContext context;
  context.usual_work = 3e3;
  context.large_share = 0;
  int changed = 0;
  for (std::int64_t number = 0; number < 200; ++number) {
    context.contract = "f32";
    const Problem plain = plan_case(3, number, context).problem;
    context.contract = "f32;kv_storage=q4_0";
    const Problem p = plan_case(3, number, context).problem;
    ASSERT_EQ(why_invalid(p), "");
    // Where what is declared does not fit, the kernel stores what it is given.
    const oracle::ContractSet contract = oracle::contract_for(context.contract, p.q.dtype(), p.k.dtype());
    const KvStorage storage = contract.alternatives.front().kv_storage;
    EXPECT_EQ(storage == KvStorage::q4_0, contract.declared);
    EXPECT_EQ(stored(p, storage).v.values(), p.v.values()) << describe(p);
    EXPECT_EQ(stored(p, storage).k.values(), p.k.values()) << describe(p);
    EXPECT_TRUE(finite(p.k) && finite(p.v)) << describe(p);
    changed += plain.v.bytes() != p.v.bytes();
  }
  EXPECT_GT(changed, 20);
}

}  // namespace
}  // namespace attest::check
