// What one problem leaves open about a fault, the same problem with other numbers decides.

#include "check/findings/contrast.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "check/outline/outline.hpp"
#include "faults/diagnosis/diagnose.hpp"
#include "kernels.hpp"
#include "special_problems.hpp"

namespace attest::faults {
namespace {

constexpr KernelFault kFault = KernelFault::exp2_rounded_maximum;

std::vector<Diagnosis> diagnosed(const std::vector<Problem>& problems, KernelFault fault = kFault) {
  const auto kernel = test::kernel_of(fault);
  std::vector<Evidence> evidence;
  for (const Problem& p : problems) evidence.push_back({p, kernel->run(p, {}).result});
  const oracle::ContractSet contract = oracle::contract_for(kernel->info().contract, DType::f32, DType::f32);
  return diagnose(evidence, std::vector<const oracle::ContractSet*>(evidence.size(), &contract));
}

std::vector<Problem> with_contrasts(const Problem& p) {
  std::vector<Problem> problems = check::contrasts_of(p);
  problems.insert(problems.begin(), p);
  return problems;
}

Problem single_key(std::int64_t dim, double scale, double query, double key, double value) {
  Problem p = test::plain_problem({.qk_dim = dim}, DType::f32);
  p.scale = scale;
  p.q.assign(std::vector<double>(static_cast<std::size_t>(dim), query));
  p.k.assign(std::vector<double>(static_cast<std::size_t>(dim), key));
  p.v.assign({value});
  return p;
}

// The only weight vanishes: so it does where a maximum begins above the score.
TEST(Contrasts, DecideBetweenFaultsThatTie) {
  const Problem p = single_key(1, 1, 33280, -133120, 1);
  const std::vector<Diagnosis> alone = diagnosed({p});
  ASSERT_GT(alone.size(), 1U);
  EXPECT_TRUE(alone[1].tied);
  EXPECT_NE(alone.front().hypothesis.fault, kFault);
  const std::vector<Diagnosis> together = diagnosed(with_contrasts(p));
  ASSERT_FALSE(together.empty());
  EXPECT_EQ(together.front().hypothesis.fault, kFault);
}

// The only weight is finite, and its product with the value is not: too near the end of the range to say.
TEST(Contrasts, NameAFaultWhereItsOwnRowsSayNothing) {
  const Problem p = single_key(8, 1.06066, 10816, 16376, 7);
  EXPECT_TRUE(diagnosed({p}).empty());
  const std::vector<Diagnosis> together = diagnosed(with_contrasts(p));
  ASSERT_FALSE(together.empty());
  EXPECT_EQ(together.front().hypothesis.fault, kFault);
}

TEST(LongerCopy, SeparatesAFaultOfTheLastTileFromOneOfAll) {
  Problem p = test::plain_problem({.q_len = 3, .kv_len = 3, .v_dim = 2}, DType::f32);
  p.causal = Causal::bottom_right;
  p.v.assign({1, 2, 3, 4, 5, 6});
  const std::optional<Problem> longer = check::longer_copy(p);
  ASSERT_TRUE(longer.has_value());
  EXPECT_EQ(why_invalid(*longer), "");
  EXPECT_EQ(longer->q_len(), 259);
  EXPECT_EQ(longer->kv_len(), 259);
  const auto both = [](const std::vector<Diagnosis>& found) {
    return names(found, KernelFault::causal_key_ahead) &&
           names(found, KernelFault::causal_key_ahead_last_tile);
  };
  EXPECT_TRUE(both(diagnosed({p}, KernelFault::causal_key_ahead)));
  EXPECT_FALSE(both(diagnosed({p, *longer}, KernelFault::causal_key_ahead)));
  EXPECT_TRUE(names(diagnosed({p, *longer}, KernelFault::causal_key_ahead), KernelFault::causal_key_ahead));
  EXPECT_FALSE(
      names(diagnosed({p, *longer}, KernelFault::causal_key_ahead_last_tile), KernelFault::causal_key_ahead));
}

TEST(LongerCopy, KeepsPaddingAndLeavesMasksAlone) {
  Problem p = test::plain_problem({.q_len = 2, .kv_len = 5}, DType::f32);
  p.kv_lens = Tensor(DType::i32, {1});
  p.kv_lens->set({0}, 3);
  EXPECT_EQ(check::longer_copy(p)->kv_lens->at({0}), 259);
  p.mask = Tensor(DType::u8, {1, 1, 1, 5});
  EXPECT_FALSE(check::longer_copy(p).has_value());
}

TEST(Contrasts, AreTakenByTheSameKernelsAndFinite) {
  Problem p = test::plain_problem({.q_heads = 2, .q_len = 3, .kv_len = 70, .v_dim = 2}, DType::f16);
  p.q.set({0, 0, 0, 0}, 40000);
  const std::vector<Problem> contrasts = check::contrasts_of(p);
  EXPECT_GE(contrasts.size(), 3U);
  for (const Problem& contrast : contrasts) {
    EXPECT_EQ(why_invalid(contrast), "");
    EXPECT_EQ(check::outline_of(contrast), check::outline_of(p));
    for (const Tensor* t : {&contrast.q, &contrast.k, &contrast.v}) {
      for (const double x : t->values()) EXPECT_TRUE(std::isfinite(x));
    }
  }
}

}  // namespace
}  // namespace attest::faults
