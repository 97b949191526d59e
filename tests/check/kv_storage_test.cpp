// A kernel with a compressed cache is given what the cache holds.
#include "problem/kv_storage.hpp"

#include <gtest/gtest.h>

#include "check/case_plan.hpp"

namespace attest {
namespace {

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
    if (p.k.dtype() != DType::f32) continue;
    EXPECT_EQ(stored(p, KvStorage::q4_0).v.bytes(), p.v.bytes()) << describe(p);
    changed += plain.v.bytes() != p.v.bytes();
  }
  EXPECT_GT(changed, 20);
}

}  // namespace
}  // namespace attest
