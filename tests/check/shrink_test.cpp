// The shrinker: always simpler, always valid, and down to the few things that a fault needs.

#include "check/shrink/shrink.hpp"

#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <rapidcheck/shrinkable/Create.h>

#include "check/generate/families.hpp"
#include "check/outline/features.hpp"
#include "check/shrink/shrink_greedily.hpp"
#include "laws/inputs/edit.hpp"
#include "oracle/definition/visible.hpp"

namespace attest::check {
namespace {

GenContext small_context() {
  GenContext context;
  context.large_share = 0;
  context.usual_work = 2e4;
  return context;
}

ShrinkResult shrunk(const Problem& p, const std::function<bool(const Problem&)>& fails,
                    double cost = 20'000) {
  const auto start = rc::shrinkable::shrinkRecur(Problem(p), [](const Problem& x) { return shrinks_of(x); });
  return shrink_greedily(start, fails, {cost, std::chrono::seconds(100)});
}

RC_GTEST_PROP(Shrink, OnlyOffersValidProblems, ()) {
  GenContext context = small_context();
  context.usual_work = 3e3;
  context.set(Feature::nothing, 0.1);
  auto shrinks = shrinks_of(*any_problem(context));
  for (int n = 0; n < 100; ++n) {
    const auto next = shrinks.next();
    if (!next) break;
    RC_ASSERT(why_invalid(*next) == "");
  }
}

TEST(Shrink, EndsAtTheSmallestProblemWhenEverythingFails) {
  GenContext context = small_context();
  context.set(Feature::nothing, 0.2);
  for (std::uint64_t seed = 0; seed < 120; ++seed) {
    const Problem p = any_problem(context)(rc::Random(seed)).value();
    const ShrinkResult result = shrunk(p, [](const Problem&) { return true; });
    const Problem& s = result.smallest;
    EXPECT_LT(result.attempts, 20'000);
    EXPECT_EQ(describe(s), "b1 h1/1 q1 k1 d1/1 f32");
    EXPECT_EQ(s.scale, 1);
    EXPECT_EQ(s.q.values(), std::vector<double>{0});
    EXPECT_EQ(s.k.values(), std::vector<double>{0});
    EXPECT_EQ(s.v.values(), std::vector<double>{0});
  }
}

// What needs an extent of 0 keeps it; what does not, leaves it.
TEST(Shrink, KeepsAnExtentOf0OnlyWhereItIsNeeded) {
  Problem p;
  p.q = Tensor(DType::f16, {2, 2, 0, 3});
  p.k = Tensor(DType::f16, {2, 1, 0, 3});
  p.v = Tensor(DType::f16, {2, 1, 0, 5});
  p.mask = Tensor(DType::u8, {2, 1, 0, 0});
  p.bias = Tensor(DType::f32, {1, 2, 1, 0});
  p.kv_lens = Tensor(DType::i32, {2});
  EXPECT_EQ(describe(shrunk(p, [](const Problem&) { return true; }).smallest), "b1 h1/1 q1 k1 d1/1 f32");
  EXPECT_EQ(describe(shrunk(p, [](const Problem& x) { return x.kv_len() == 0; }).smallest),
            "b1 h1/1 q1 k0 d1/1 f32");
  const Problem masked = shrunk(p, [](const Problem& x) { return x.q_len() == 0 && x.mask; }).smallest;
  EXPECT_EQ(describe(masked), "b1 h1/1 q0 k1 d1/1 f32 mask");
}

TEST(Shrink, MakesNoValueInfinite) {
  Problem p;
  p.q = Tensor(DType::f64, {1, 1, 1, 1});
  p.k = Tensor(DType::f64, {1, 1, 2, 1});
  p.v = Tensor(DType::f64, {1, 1, 2, 1});
  p.v.assign({1e300, HUGE_VAL});
  const auto large = [](const Problem& x) { return x.v.values()[0] > 1e200 && x.kv_len() == 2; };
  const Problem kept = shrunk(p, large).smallest;
  EXPECT_EQ(kept.v.dtype(), DType::f64);
  EXPECT_TRUE(std::isfinite(kept.v.values()[0]));
  EXPECT_EQ(kept.v.values()[1], 0) << "infinite values are harder than finite ones";
}

TEST(Shrink, KeepsTheFeaturesThatAFaultNeeds) {
  const auto needs = [](const Problem& p) {
    return p.softcap != 0 && p.q_heads() > p.kv_heads() && p.kv_len() >= 5 &&
           p.causal == Causal::bottom_right;
  };
  int tried = 0;
  for (std::uint64_t seed = 0; tried < 5; ++seed) {
    const Problem p = any_problem(small_context())(rc::Random(seed)).value();
    if (!needs(p)) continue;
    ++tried;
    const Problem s = shrunk(p, needs).smallest;
    EXPECT_EQ(s.kv_len(), 5);
    EXPECT_EQ(s.softcap, 1);
    EXPECT_EQ(s.kv_heads(), 1);
    EXPECT_EQ(s.q_heads(), 2);
    EXPECT_EQ(s.batch(), 1);
    EXPECT_FALSE(s.bias || s.mask || s.sink || s.kv_lens || s.alibi_slopes);
  }
}

TEST(Shrink, MakesValuesSmallIntegers) {
  Problem p;
  p.q = Tensor(DType::bf16, {1, 2, 3, 2}, {20, 10, 3, 1});
  p.k = Tensor(DType::bf16, {1, 2, 4, 2});
  p.v = Tensor(DType::bf16, {1, 2, 4, 2});
  p.v.assign({0.1, 2.7, -3.3, 11.25, 7, 8, 9, 10, 0.5, 1, 2, 3, 4, 5, 6, 7});
  // Something needs a value above 2 that no other value of its tensor equals.
  const auto fails = [](const Problem& x) {
    const std::vector<double> v = x.v.values();
    return std::count_if(v.begin(), v.end(), [](double y) { return y > 2; }) >= 1 && v.size() >= 2;
  };
  const Problem s = shrunk(p, fails).smallest;
  const std::vector<double> v = s.v.values();
  ASSERT_EQ(v.size(), 2U);
  const double large = std::max(v[0], v[1]);
  EXPECT_GT(large, 2);
  EXPECT_LE(large, 4);
  EXPECT_EQ(large, std::nearbyint(large));
  EXPECT_EQ(std::min(v[0], v[1]), 0);
  EXPECT_TRUE(s.q.contiguous());
}

TEST(Shrink, StaysInItsLimits) {
  const Problem p = any_problem(small_context())(rc::Random(3)).value();
  std::int64_t asked = 0;
  const ShrinkResult result = shrunk(
      p,
      [&](const Problem&) {
        ++asked;
        return false;
      },
      17);
  EXPECT_LE(result.attempts, 17);
  EXPECT_GT(result.attempts, 3);
  EXPECT_EQ(asked, result.attempts);
  EXPECT_EQ(result.accepted, 0);
}

RC_GTEST_PROP(Edit, PartsKeepWhatTheyKeep, ()) {
  const Problem p = *any_problem(small_context());
  RC_PRE(p.batch() > 0 && p.kv_len() >= 3 && p.q_len() >= 2);
  const Problem part = laws::with_queries(laws::with_keys(p, {0, 2}), {1});
  RC_ASSERT(why_invalid(part) == "");
  RC_ASSERT(part.kv_len() == 2);
  RC_ASSERT(part.k.at({0, 0, 1, 0}) == p.k.at({0, 0, 2, 0}));
  RC_ASSERT(part.v.at({0, p.kv_heads() - 1, 1, p.v_dim() - 1}) ==
            p.v.at({0, p.kv_heads() - 1, 2, p.v_dim() - 1}));
  RC_ASSERT(part.q.at({0, 0, 0, 0}) == p.q.at({0, 0, 1, 0}));
  if (p.mask) RC_ASSERT(part.mask->at({0, 0, 0, 1}) == p.mask->at({0, 0, 1, 2}));
  if (p.kv_lens)
    RC_ASSERT(part.kv_lens->at({0}) == (p.kv_lens->at({0}) > 2 ? 2 : std::min(1.0, p.kv_lens->at({0}))));
}

TEST(Edit, KeepsTheKindOfLayout) {
  const Tensor padded(DType::f32, {2, 3, 4, 5}, {3 * 33 + 4, 33, 8, 1});
  const Tensor part = laws::taken(padded, 2, {0, 3});
  EXPECT_EQ(part.strides(), (std::vector<std::int64_t>{3 * 17 + 4, 17, 8, 1}));
  const Tensor permuted(DType::f32, {2, 3, 4, 5}, {60, 5, 15, 1});
  EXPECT_EQ(laws::taken(permuted, 1, {1}).strides(), (std::vector<std::int64_t>{20, 5, 5, 1}));
  const Tensor repeated(DType::f32, {2, 3, 4, 5}, {20, 0, 5, 1});
  EXPECT_EQ(laws::taken(repeated, 3, {0, 1}).strides(), (std::vector<std::int64_t>{8, 0, 2, 1}));
}

TEST(Edit, GroupsStayWithTheirHeads) {
  Problem p;
  p.q = Tensor(DType::f32, {1, 6, 1, 1});
  p.k = Tensor(DType::f32, {1, 2, 1, 1});
  p.v = Tensor(DType::f32, {1, 2, 1, 1});
  p.q.assign({0, 1, 2, 10, 11, 12});
  p.v.assign({5, 7});
  p.sink = Tensor(DType::f32, {6});
  p.sink->assign({0, 1, 2, 10, 11, 12});
  const Problem second = laws::with_kv_heads(p, {1});
  EXPECT_EQ(second.q.values(), (std::vector<double>{10, 11, 12}));
  EXPECT_EQ(second.sink->values(), (std::vector<double>{10, 11, 12}));
  EXPECT_EQ(second.v.values(), (std::vector<double>{7}));
  const Problem thirds = laws::with_group_members(p, {2});
  EXPECT_EQ(thirds.q.values(), (std::vector<double>{2, 12}));
  EXPECT_EQ(oracle::kv_head_of(thirds, 1), 1);
}

}  // namespace
}  // namespace attest::check
