// Generated problems: valid, judged informatively, and with every pair of features together.

#include "check/generate/families.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "check/campaign/case_plan.hpp"
#include "check/outline/limits.hpp"
#include "check/outline/shape.hpp"
#include "laws/inputs/key_visibility.hpp"

namespace attest::check {
namespace {

GenContext small_context() {
  GenContext context;
  context.large_share = 0;
  context.usual_work = 3e3;
  return context;
}

TEST(Families, HaveNamesReasonsAndShares) {
  std::set<std::string_view> names;
  for (const Family& family : families()) {
    names.insert(family.name);
    EXPECT_FALSE(family.reason.empty());
    EXPECT_GT(family.share, 0);
  }
  EXPECT_EQ(names.size(), families().size());
  EXPECT_GE(names.size(), 7U);
}

RC_GTEST_PROP(Families, OnlyMakeValidProblems, ()) {
  const Problem p = *any_problem();
  RC_ASSERT(why_invalid(p) == "");
}

// 0 * infinity is NaN in correct kernels too: even hidden keys and values are finite.
TEST(Families, MakeFiniteInputsInEveryFormat) {
  GenContext narrow = small_context();
  narrow.contract = "flash-f16";  // scores in f32 ask for keys beyond f16
  for (const Feature f : {Feature::f64, Feature::f32, Feature::bf16}) narrow.set(f, 0);
  const auto gen = any_problem(narrow);
  for (std::uint64_t n = 0; n < 4000; ++n) {
    const Problem p = gen(rc::Random(n)).value();
    for (const Tensor* t : {&p.q, &p.k, &p.v}) {
      const std::vector<double> values = t->values();
      const bool finite =
          std::all_of(values.begin(), values.end(), [](double x) { return std::isfinite(x); });
      ASSERT_TRUE(finite) << n << " " << describe(p);
    }
  }
}

// Key indices beyond the largest number of the format were infinite.
TEST(Families, HoldFiniteValuesOnRowsLongerThanTheFormatCounts) {
  GenContext context;
  context.shape = ShapeClass::past_2_16;
  context.longest_row = (1 << 16) + 4;
  for (const Feature other : {Feature::f64, Feature::f32, Feature::bf16, Feature::mixed_dtypes})
    context.set(other, 0);
  context.set(Feature::f16, 1);
  const auto values = std::find_if(families().begin(), families().end(),
                                   [](const Family& family) { return family.name == "values"; });
  std::int64_t longest = 0;
  for (std::uint64_t n = 0; n < 25; ++n) {
    const Problem p = problems(*values, context)(rc::Random(n)).value();
    const std::vector<double> v = p.v.values();
    ASSERT_TRUE(std::all_of(v.begin(), v.end(), [](double x) { return std::isfinite(x); })) << n;
    longest = std::max(longest, p.kv_len());
  }
  EXPECT_GT(longest, 1 << 16);
}

// ggml's tiles of 64 rows take no mask; with every option drawn by itself, one case in 2,000 had its softcap
// there.
TEST(Families, DrawOneOptionAloneInTilesOfRows) {
  GenContext context;
  context.plain = 0;
  context.alone = 1;
  const auto shapes = std::find_if(families().begin(), families().end(),
                                   [](const Family& family) { return family.name == "shapes"; });
  int softcaps = 0;
  for (std::uint64_t n = 0; n < 400; ++n) {
    const Problem p = problems(*shapes, context)(rc::Random(n)).value();
    FeatureSet options = outline_of(p).options;
    // One layout shows as several: a spread tensor is padded.
    for (const Feature f :
         {Feature::permuted, Feature::padded, Feature::repeated, Feature::strided_scores,
          Feature::strided_vectors, Feature::strided_out, Feature::shared_address, Feature::far_offsets})
      options.set(static_cast<std::size_t>(f), false);
    EXPECT_LE(options.count(), 1U) << describe(p);
    EXPECT_GE(p.q_len(), 16) << describe(p);
    softcaps += p.softcap != 0 && p.q_len() >= 64 && p.kv_len() % 64 != 0 && p.v_dim() >= 16 ? 1 : 0;
  }
  EXPECT_GE(softcaps, 4);
}

RC_GTEST_PROP(Families, MakeTheSameProblemFromTheSameRandom, ()) {
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();
  const auto gen = any_problem(small_context());
  const Problem a = gen(rc::Random(seed)).value();
  const Problem b = gen(rc::Random(seed)).value();
  RC_ASSERT(describe(a) == describe(b));
  RC_ASSERT(a.q.bytes() == b.q.bytes());
  RC_ASSERT(a.v.bytes() == b.v.bytes());
}

// Pairs that exclude each other are none of ours to expect.
bool compatible(Feature a, Feature b) {
  const auto both = [&](std::initializer_list<Feature> group) {
    int in = 0;
    for (const Feature f : group) in += (a == f) + (b == f);
    return in == 2;
  };
  return !both({Feature::causal_top_left, Feature::causal_bottom_right}) &&
         !both({Feature::longer_keys, Feature::longer_queries});
}

TEST(Families, PutEveryTwoFeaturesTogether) {
  const std::vector<Feature> optional{Feature::causal_top_left, Feature::causal_bottom_right,
                                      Feature::window_left,     Feature::window_right,
                                      Feature::softcap,         Feature::bias,
                                      Feature::masking_bias,    Feature::mask,
                                      Feature::alibi,           Feature::sink,
                                      Feature::kv_lens,         Feature::grouped_heads,
                                      Feature::several_batches, Feature::longer_keys,
                                      Feature::longer_queries,  Feature::odd_dims,
                                      Feature::unequal_dims,    Feature::permuted,
                                      Feature::padded,          Feature::repeated};
  std::set<std::pair<Feature, Feature>> seen;
  std::int64_t plain = 0;
  constexpr int kCases = 6000;
  const auto gen = any_problem(small_context());
  for (int n = 0; n < kCases; ++n) {
    const FeatureSet features = features_of(gen(rc::Random(static_cast<std::uint64_t>(n))).value());
    bool any = false;
    for (const Feature a : optional) {
      any = any || (features.has(a) && a < Feature::several_heads);
      for (const Feature b : optional) {
        if (a < b && features.has(a) && features.has(b)) seen.insert({a, b});
      }
    }
    plain += any ? 0 : 1;
  }
  for (const Feature a : optional) {
    for (const Feature b : optional) {
      if (b <= a || !compatible(a, b)) continue;
      EXPECT_TRUE(seen.count({a, b})) << name_of(a) << " with " << name_of(b);
    }
  }
  EXPECT_GT(plain, kCases / 10);
}

TEST(Families, ReachTileEdgesLongRowsAndEmptyExtents) {
  GenContext context;
  context.large_share = 0.5;
  std::set<std::int64_t> lengths;
  bool nothing = false;
  for (std::uint64_t n = 0; n < 4000; ++n) {
    Draw draw{rc::Random(n)};
    const Shape shape = draw_shape(draw, context, false);
    EXPECT_LE(shape.work(), context.large_work);
    lengths.insert(shape.kv_len);
    lengths.insert(shape.q_len);
    nothing = nothing || shape.rows() == 0 || shape.kv_len == 0;
  }
  for (const std::int64_t edge : {1,   2,   15,  16,  17,  31,  32,  33,  63,   64,   65,   127,
                                  128, 129, 255, 256, 257, 511, 512, 513, 1023, 1024, 1025, 2049}) {
    EXPECT_TRUE(lengths.count(edge)) << edge;
  }
  EXPECT_TRUE(nothing);
}

TEST(Families, LeaksGiveMaskedKeysTheDominatingScore) {
  std::int64_t with_masked = 0;
  for (std::uint64_t n = 0; n < 100; ++n) {
    for (const Family& family : families()) {
      if (family.name != "dominating leaks") continue;
      const Problem p = problems(family, small_context())(rc::Random(n)).value();
      for (std::int64_t b = 0; b < p.batch(); ++b) {
        const std::vector<bool> seen = laws::seen_keys(p, b, 0);
        with_masked += std::find(seen.begin(), seen.end(), false) != seen.end() ? 1 : 0;
      }
    }
  }
  EXPECT_GT(with_masked, 30);
}

// The limit's own claim: rows at the limit keep a score error of an eighth.
TEST(Limits, FollowTheContract) {
  const Limits f32 =
      limits_of(oracle::contract_for("", DType::f32, DType::f32), DType::f32, DType::f32, 64, 100);
  const Limits bf16 =
      limits_of(oracle::contract_for("", DType::bf16, DType::bf16), DType::bf16, DType::bf16, 64, 100);
  EXPECT_GT(f32.score, 1000);
  EXPECT_LT(bf16.score, 32) << "unfused-bf16 stores scores in 8 bits";
  EXPECT_GT(bf16.score, 4);
  const Limits f16 =
      limits_of(oracle::contract_for("", DType::f16, DType::f16), DType::f16, DType::f16, 64, 100);
  EXPECT_EQ(f16.value, 65504.0 / 400);
  const oracle::ContractSet narrow =
      oracle::contract_for("flash-f16;accumulate_numerator=f16", DType::f16, DType::f16);
  EXPECT_LT(limits_of(narrow, DType::f16, DType::f16, 64, 100).keys, 200);
  // Sums of a shift that lags reach e^tau times as far.
  const Limits lazy =
      limits_of(oracle::contract_for("f32;tau=8", DType::f32, DType::f32), DType::f32, DType::f32, 64, 100);
  EXPECT_LE(lazy.value * std::exp(8), f32.value * (1 + 1e-12));
  EXPECT_GT(lazy.value * std::exp(8.1), f32.value);
}

TEST(CasePlan, IsAPureFunctionOfSeedAndNumber) {
  const GenContext context;
  std::set<std::size_t> met;
  for (std::int64_t n = 0; n < 44; ++n) {
    const CasePlan a = plan_case(5, n, context);
    const CasePlan b = plan_case(5, n, context);
    EXPECT_EQ(describe(a.problem), describe(b.problem));
    EXPECT_EQ(a.laws, b.laws);
    EXPECT_EQ(a.prepared.size(), b.prepared.size());
    met.insert(a.family);
  }
  EXPECT_EQ(met.size(), families().size());
}

}  // namespace
}  // namespace attest::check
