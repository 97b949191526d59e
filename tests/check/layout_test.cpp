// Layouts that are drawn have the features asked for, hold the same values in storage as in order, shrink
// away where nothing needs them, and are told apart by their packed copies.

#include "check/generate/layout/layout.hpp"

#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/shrinkable/Create.h>

#include "check/shrink/shrink.hpp"
#include "check/shrink/shrink_greedily.hpp"
#include "kernel/memory/element_intervals.hpp"
#include "laws/evaluate.hpp"
#include "laws/inputs/edit.hpp"
#include "scripted_kernel.hpp"

namespace attest::check {
namespace {

constexpr Feature kLayouts[] = {Feature::strided_scores, Feature::strided_vectors, Feature::strided_out,
                                Feature::shared_address, Feature::far_offsets};

FeatureSet only(Feature feature) {
  FeatureSet set;
  set.add(feature);
  return set;
}

void fill_distinct(Tensor& t, double first) {
  std::vector<double> values;
  for (std::int64_t i = 0; i < t.count(); ++i) values.push_back((first + static_cast<double>(i % 61)) / 64);
  t.assign(values);
}

// Something of everything, with k and v (and q and k) of one shape.
Problem rich_problem(DType dtype) {
  Problem p;
  p.q = Tensor(dtype, {2, 3, 5, 8});
  p.k = Tensor(dtype, {2, 3, 5, 8});
  p.v = Tensor(dtype, {2, 3, 5, 8});
  p.bias = Tensor(DType::f32, {2, 3, 5, 5});
  p.mask = Tensor(DType::u8, {2, 3, 5, 5});
  for (std::int64_t i = 0; i < 150; i += 3) encode(DType::u8, 1, p.mask->bytes().data() + i);
  p.alibi_slopes = Tensor(DType::f32, {3});
  p.sink = Tensor(DType::f32, {3});
  p.kv_lens = Tensor(DType::i32, {2});
  p.kv_lens->assign({5, 3});
  fill_distinct(*p.bias, 7);
  fill_distinct(*p.sink, 3);
  fill_distinct(*p.alibi_slopes, 1);
  return p;
}

Problem laid_out(Feature feature, std::uint64_t seed, DType dtype = DType::f32) {
  Draw draw{rc::Random(seed)};
  Problem p = rich_problem(dtype);
  lay_out(draw, only(feature), FarTarget::any, p);
  fill_distinct(p.q, 1);
  fill_distinct(p.k, 2);
  fill_distinct(p.v, 40);
  share_address(p);
  return p;
}

TEST(LayOut, GivesEachLayoutThatIsWanted) {
  for (const Feature feature : kLayouts) {
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
      const DType dtype = seed % 2 == 0 ? DType::f64 : DType::bf16;
      const Problem p = laid_out(feature, seed, dtype);
      ASSERT_EQ(why_invalid(p), "");
      EXPECT_TRUE(features_of(p).has(feature)) << name_of(feature) << " seed " << seed;
      for (const Feature other : kLayouts) {
        const bool also = feature == Feature::far_offsets &&
                          (other == Feature::strided_scores || other == Feature::strided_out);
        if (other == feature || also) continue;
        EXPECT_FALSE(features_of(p).has(other)) << name_of(other);
      }
    }
  }
}

TEST(LayOut, WantsNothingUnlessAsked) {
  const Problem before = rich_problem(DType::f16);
  Problem p = before;
  Draw draw{rc::Random(1)};
  lay_out(draw, {}, FarTarget::any, p);
  share_address(p);
  EXPECT_TRUE(same_in_memory(*p.mask, *before.mask));
  EXPECT_TRUE(same_in_memory(p.k, before.k));
  for (const Feature feature : kLayouts) EXPECT_FALSE(features_of(p).has(feature));
}

TEST(LayOut, RepeatsMasksAlongEveryAxisWithTheSameValuesInStorage) {
  std::set<std::size_t> repeated;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const Problem p = laid_out(Feature::strided_scores, seed);
    for (std::size_t axis = 0; axis < 4; ++axis) {
      if (p.mask->strides()[axis] != 0) continue;
      repeated.insert(axis);
      EXPECT_EQ(p.mask->at({1, 2, 4, 3}),
                p.mask->at({axis == 0 ? 0 : 1, axis == 1 ? 0 : 2, axis == 2 ? 0 : 4, axis == 3 ? 0 : 3}));
    }
  }
  EXPECT_EQ(repeated.size(), 4U);
}

TEST(LayOut, SpreadsEveryTensorAndTouchesFewPages) {
  std::set<std::size_t> spread;
  bool past_4_giga = false;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Problem p = laid_out(Feature::far_offsets, seed);
    const kernel::ForwardDescription description = kernel::describe_forward(p);
    for (std::size_t i = 0; i < kernel::kSlots; ++i) {
      const kernel::TensorDescription& tensor = description.tensors[i];
      if (!kernel::is_sparse(tensor)) continue;
      spread.insert(i);
      past_4_giga = past_4_giga || tensor.bytes / (tensor.dtype.bits / 8U) > std::uint64_t{1} << 32;
      std::uint64_t pages = 0;
      for (const kernel::Interval& near : kernel::near_elements(tensor, 0, 256, tensor.bytes)) {
        pages += near.end / 4096 - near.begin / 4096 + 1;
      }
      EXPECT_LE(pages, 1024U);
    }
  }
  EXPECT_EQ(spread.size(), 6U) << "q, k, v, bias, mask and out";
  EXPECT_TRUE(past_4_giga);
}

TEST(LayOut, SpreadsTheRowsOfTheMaskPast32BitsWhereThatIsTheTarget) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Draw draw{rc::Random(seed)};
    Problem p = rich_problem(DType::f32);
    lay_out(draw, only(Feature::far_offsets), FarTarget::mask_rows, p);
    EXPECT_GE(p.mask->memory_strides()[2] * (p.q_len() - 1), std::int64_t{1} << 32);
    for (const Tensor* other : {&p.q, &p.k, &p.v, &*p.bias}) EXPECT_FALSE(other->spread());
  }
}

TEST(LayOut, LeavesAMaskOfOneRowWhereItsRowsAreTheTarget) {
  Draw draw{rc::Random(1)};
  Problem p = rich_problem(DType::f32);
  p.mask = Tensor(DType::u8, {2, 3, 1, 5});
  lay_out(draw, only(Feature::far_offsets), FarTarget::mask_rows, p);
  EXPECT_FALSE(features_of(p).has(Feature::far_offsets));
}

TEST(LayOut, MakesTwoInputsOneWithTheSmallerValues) {
  bool keys_and_values = false;
  bool queries_and_keys = false;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const Problem p = laid_out(Feature::shared_address, seed);
    keys_and_values = keys_and_values || v_lies_in_k(p);
    queries_and_keys = queries_and_keys || k_lies_in_q(p);
    if (!v_lies_in_k(p)) continue;
    EXPECT_LE(p.v.at({0, 0, 0, 7}), 9.0 / 64);
  }
  EXPECT_TRUE(keys_and_values);
  EXPECT_TRUE(queries_and_keys);
}

TEST(LayOut, GivesAllLayoutsAtOnce) {
  FeatureSet all;
  for (const Feature feature : kLayouts) all.add(feature);
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Draw draw{rc::Random(seed)};
    Problem p = rich_problem(DType::f32);
    p.k = Tensor(DType::f32, {2, 3, 5, 8}, {40, 0, 8, 1});
    lay_out(draw, all, FarTarget::any, p);
    fill_distinct(p.q, 1);
    fill_distinct(p.k, 2);
    fill_distinct(p.v, 40);
    share_address(p);
    ASSERT_EQ(why_invalid(p), "");
    for (const Feature feature : kLayouts)
      EXPECT_TRUE(features_of(p).has(feature)) << name_of(feature) << seed;
  }
}

ShrinkResult shrunk(const Problem& p, const std::function<bool(const Problem&)>& fails) {
  const auto start = rc::shrinkable::shrinkRecur(Problem(p), [](const Problem& x) { return shrinks_of(x); });
  return shrink_greedily(start, fails, {20'000, std::chrono::seconds(100)});
}

TEST(ShrinkLayouts, DropsWhatIsNotNeededAndKeepsWhatIs) {
  for (const Feature feature : kLayouts) {
    for (std::uint64_t seed = 0; seed < 4; ++seed) {
      const Problem p = laid_out(feature, seed);
      const Problem all = shrunk(p, [](const Problem&) { return true; }).smallest;
      EXPECT_EQ(describe(all), "b1 h1/1 q1 k1 d1/1 f32");
      EXPECT_TRUE(all.q.contiguous() && all.k.contiguous() && all.v.contiguous());
      EXPECT_TRUE(all.out_strides.empty() && all.lse_strides.empty() && !all.q_is_k && !all.k_is_v);
      const auto needs = [&](const Problem& x) { return features_of(x).has(feature); };
      const Problem kept = shrunk(p, needs).smallest;
      EXPECT_TRUE(needs(kept));
      // What reaches far needs as many places along an axis as it has.
      EXPECT_LE(kept.q.count() + kept.k.count() + kept.v.count(), 3 * 8)
          << name_of(feature) << describe(kept);
    }
  }
}

TEST(EditLayouts, KeepsFarStridesAndCountsSharedLengthsOnce) {
  Problem p = rich_problem(DType::f32);
  p.k = p.k.spread_to({40, 80, std::int64_t{1} << 31, 1});
  p.kv_lens = Tensor(DType::i32, {2}, {0});
  p.kv_lens->assign({4, 4});
  const Problem part = laws::with_keys(p, {1, 2, 4});
  EXPECT_EQ(part.k.memory_strides(), p.k.memory_strides());
  EXPECT_EQ(part.k.at({1, 2, 2, 3}), p.k.at({1, 2, 4, 3}));
  EXPECT_EQ(part.kv_lens->values(), (std::vector<double>{2, 2}));
  EXPECT_EQ(why_invalid(part), "");
}

// A kernel that is wrong wherever `wrong` says so.
laws::LawOutcome layout_law_on(const Problem& p, const std::function<bool(const Problem&)>& wrong) {
  test::ScriptedKernel kernel([](const Problem&, const kernel::RunOptions&) { return std::nullopt; });
  kernel.after = [&](const Problem& asked, kernel::RunOutcome& outcome) {
    if (wrong(asked)) outcome.result.out.set({0, 0, 0, 0}, 17);
  };
  const oracle::ContractSet set = oracle::contract_for("", DType::f32, DType::f32);
  laws::Subject subject(kernel, p, set, {});
  return laws::evaluate(*laws::find_law("layout"), subject);
}

TEST(LayoutLaw, SaysWhatIsRightOnThePackedCopy) {
  Problem mask = rich_problem(DType::f32);
  mask.mask = mask.mask->with_strides({75, 25, 1, 5});
  Problem vector = rich_problem(DType::f32);
  vector.sink = vector.sink->with_strides({2});
  Problem out = rich_problem(DType::f32);
  out.out_strides = {120, 8, 24, 1};
  Problem lse = rich_problem(DType::f32);
  lse.lse_strides = {1, 2, 6};
  const std::vector<std::pair<Problem, std::function<bool(const Problem&)>>> ignored{
      {mask, [](const Problem& p) { return !p.mask->contiguous(); }},
      {vector, [](const Problem& p) { return !p.sink->contiguous(); }},
      {out, [](const Problem& p) { return !p.out_strides.empty(); }},
      {lse, [](const Problem& p) { return !p.lse_strides.empty(); }}};
  for (const auto& [problem, wrong] : ignored) {
    const laws::LawOutcome outcome = layout_law_on(problem, wrong);
    ASSERT_EQ(outcome.standing, laws::LawStanding::broken);
    EXPECT_EQ(outcome.breach->variant, "packed copies");
    EXPECT_TRUE(outcome.breach->summary.ends_with("(right on the packed copy)")) << outcome.breach->summary;
    EXPECT_EQ(layout_law_on(problem, [](const Problem&) { return false; }).standing, laws::LawStanding::held);
  }
  // What is as wrong on the packed copy is not blamed on strides.
  EXPECT_EQ(layout_law_on(out, [](const Problem&) { return true; }).standing, laws::LawStanding::held);
}

}  // namespace
}  // namespace attest::check
