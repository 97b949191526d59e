// Scalars, windows, masks and biases at values that kernels get wrong. Whether a faulty kernel is found by
// them: promises_test.

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <set>

#include <gtest/gtest.h>

#include "check/generate/families.hpp"
#include "check/generate/frame.hpp"
#include "laws/inputs/key_visibility.hpp"
#include "oracle/definition/visible.hpp"
#include "oracle/judge/judge.hpp"
#include "plain_kernel.hpp"
#include "small_context.hpp"

namespace attest::check {
namespace {

constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();

void for_each_frame(const GenContext& context, std::uint64_t count,
                    const std::function<void(const Problem&)>& visit) {
  for (std::uint64_t n = 0; n < count; ++n) {
    Draw draw{rc::Random(n)};
    visit(draw_frame(draw, context).problem);
  }
}

TEST(AddFeatures, DrawsWindowsAroundAndFarBeyondTheKeys) {
  constexpr std::int64_t k2To31 = std::int64_t{1} << 31;
  std::set<std::int64_t> left, right, right_of_0;
  const auto kind = [](std::int64_t window, std::int64_t n) {
    return window >= k2To31 - 1 ? window : window >= n - 1 && n > 9 ? window - n : -10;
  };
  for_each_frame(small_context(), 40000, [&](const Problem& p) {
    if (p.window_left != -1) left.insert(kind(p.window_left, p.kv_len()));
    if (p.window_right != -1) right.insert(kind(p.window_right, p.kv_len()));
    if (p.window_left == 0) right_of_0.insert(p.window_right == -1 ? -20 : kind(p.window_right, p.kv_len()));
  });
  const std::set<std::int64_t> all{-10, -1, 0, 1, k2To31 - 1, k2To31, 2 * k2To31 + 3, kLargest};
  EXPECT_EQ(left, all);
  EXPECT_EQ(right, all);
  std::set<std::int64_t> with_none = all;
  with_none.insert(-20);  // no limit to the right
  EXPECT_EQ(right_of_0, with_none);
}

TEST(AddFeatures, WidestWindowsHideNothing) {
  Problem p;
  p.q = Tensor(DType::f32, {1, 1, 5, 1});
  p.k = p.v = Tensor(DType::f32, {1, 1, 3, 1});
  p.window_left = p.window_right = kLargest;
  for (std::int64_t i = 0; i < 5; ++i) EXPECT_EQ(oracle::visible_keys(p, 0, 0, i).size(), 3U) << i;
  p.causal = Causal::bottom_right;
  for (std::int64_t i = 0; i < 5; ++i)
    EXPECT_EQ(oracle::visible_keys(p, 0, 0, i).size(),
              static_cast<std::size_t>(std::max<std::int64_t>(0, i - 1)))
        << i;
}

TEST(AddFeatures, DrawsScalesOf0AndBelow) {
  std::int64_t zero = 0, negative = 0;
  for_each_frame(small_context(), 2000, [&](const Problem& p) {
    zero += p.scale == 0 ? 1 : 0;
    negative += p.scale < 0 ? 1 : 0;
  });
  EXPECT_GT(zero, 20);
  EXPECT_GT(negative, 80);
  // Sizes of q and k do not follow a scale of 0.
  GenContext context = small_context();
  context.plain = 0;
  context.set(Feature::scale, 1);
  context.set(Feature::zero_scale, 1);
  for (const Family& family : families()) {
    for (std::uint64_t n = 0; n < 20; ++n) {
      const Problem p = problems(family, context)(rc::Random(n)).value();
      for (const Tensor* t : {&p.q, &p.k, &p.v}) {
        for (const double x : t->values()) ASSERT_TRUE(std::isfinite(x)) << family.name << " " << n;
      }
    }
  }
}

GenContext with_biases() {
  GenContext context = small_context();
  context.plain = 0;
  context.set(Feature::bias, 1);
  context.set(Feature::masking_bias, 0);
  return context;
}

bool is_low(double bias) { return bias <= -1e4; }

TEST(AddFeatures, DrawsFiniteBiasesDownToTheMostNegative) {
  std::set<double> floors;
  bool all_but_one = false, leading = false, trailing = false;
  const auto look = [&](const Problem& p) {
    if (!p.bias || p.bias->count() == 0 || p.kv_len() < 4) return;
    const std::vector<double> values = p.bias->values();
    const auto n = static_cast<std::ptrdiff_t>(p.kv_len());
    const auto low = std::count_if(values.begin(), values.begin() + n, is_low);
    for (const double x : values) {
      if (is_low(x)) floors.insert(x);
      EXPECT_TRUE(std::isfinite(x));
    }
    const auto run = std::find_if_not(values.begin(), values.begin() + n, is_low) - values.begin();
    all_but_one = all_but_one || low == n - 1;
    leading = leading || (low >= 2 && low < n - 1 && run == low);
    trailing =
        trailing || (low >= 2 && low < n - 1 &&
                     std::find_if(values.begin(), values.begin() + n, is_low) - values.begin() == n - low);
  };
  for_each_frame(with_biases(), 2000, look);
  EXPECT_GE(floors.size(), 3U);
  GenContext deep = with_biases();
  deep.uncertified_biases = true;
  for_each_frame(deep, 2000, look);
  const std::set<double> all{-1e4,
                             -65504,
                             -1e9,
                             static_cast<double>(-1e30F),
                             static_cast<double>(-3e38F),
                             -static_cast<double>(std::numeric_limits<float>::max())};
  EXPECT_EQ(floors, all);
  EXPECT_TRUE(all_but_one && leading && trailing);
}

TEST(AddFeatures, DrawsMasksThatLeaveOneKeyOrOneTile) {
  GenContext context = small_context();
  context.plain = 0;
  context.set(Feature::mask, 1);
  bool last = false, last_of_65 = false, last_quarter = false, middle = false;
  for_each_frame(context, 3000, [&](const Problem& p) {
    if (!p.mask || p.mask->count() == 0 || p.kv_len() < 40) return;
    const auto n = static_cast<std::size_t>(p.kv_len());
    const std::vector<double> bits = p.mask->values();
    const std::size_t seen =
        static_cast<std::size_t>(std::count(bits.begin(), bits.begin() + p.kv_len(), 1.0));
    const auto first = static_cast<std::size_t>(std::find(bits.begin(), bits.end(), 1.0) - bits.begin());
    last = last || (seen == 1 && first == n - 1);
    last_of_65 = last_of_65 || (n == 65 && seen == 1 && first == 64);
    last_quarter = last_quarter || (seen > 1 && first == 3 * n / 4 && seen == n - first);
    middle = middle ||
             (seen >= 15 && seen <= 17 && first > 4 && first + seen < n - 4 && bits[first + seen - 1] == 1);
  });
  EXPECT_TRUE(last);
  EXPECT_TRUE(last_of_65);
  EXPECT_TRUE(last_quarter);
  EXPECT_TRUE(middle);
}

double informative_share(const oracle::Judgement& judgement) {
  return static_cast<double>(judgement.out.within) / static_cast<double>(judgement.out.total());
}

// Keys 0 and 3 are hidden by a bias of `floor`.
auto judged_with_hidden_keys(const oracle::ContractSet& contract, DType dtype, double floor, bool sloped) {
  Problem p;
  p.q = Tensor(dtype, {1, 1, 2, 1});
  p.k = p.v = Tensor(dtype, {1, 1, 4, 1});
  p.q.assign({1, -1});
  p.k.assign({0.5, 0.25, 2, 1});
  p.v.assign({1, 2, 3, 5});
  p.bias = Tensor(DType::f32, {1, 1, 1, 4});
  p.bias->assign({floor, 0.5, -0.5, floor});
  if (sloped) {
    p.alibi_slopes = Tensor(DType::f32, {1});
    p.alibi_slopes->assign({0.25});
  }
  const kernel::RunOutcome outcome = test::plain_kernel(test::Fault::none)->run(p, {});
  return oracle::judge(p, outcome.result, contract, {});
}

// Their weights are 0, so that the result is that of the other keys: a score's error is as large as the bias
// allows, and moves nothing. The largest error counts for what underflows all the same.
TEST(AddFeatures, RowsWithLowBiasesAreCertifiedWhereOtherKeysAreSeen) {
  for (const auto& [declared, dtype] : {std::pair{"f32", DType::f32},
                                        {"", DType::f32},
                                        {"f32;score_shift=folded", DType::f32},
                                        {"f32;score_shift=folded;score_shift.rounded=true", DType::f32},
                                        {"f32;splits=4;merge=lse", DType::f32},
                                        {"flash-bf16", DType::bf16},
                                        {"unfused-bf16", DType::bf16},
                                        {"", DType::bf16},
                                        {"flash-f16", DType::f16},
                                        {"", DType::f16}}) {
    const oracle::ContractSet contract = oracle::contract_for(declared, dtype, dtype);
    for (const bool sloped : {false, true}) {
      const double most = hiding_bias_limit(contract, dtype, 4, sloped);
      EXPECT_GE(most, 1e4) << contract.text;
      for (const double floor : {-1e4, -most / 2, -most}) {
        const oracle::Judgement judgement = judged_with_hidden_keys(contract, dtype, floor, sloped);
        EXPECT_EQ(informative_share(judgement), 1) << contract.text << " " << floor << " " << sloped;
      }
    }
  }
  const oracle::ContractSet f32 = oracle::contract_for("f32", DType::f32, DType::f32);
  EXPECT_GT(hiding_bias_limit(f32, DType::f32, 100, false), 1e9);
  EXPECT_LT(hiding_bias_limit(f32, DType::f32, 100, true), 1e9);
  EXPECT_EQ(informative_share(judged_with_hidden_keys(f32, DType::f32, -1e9, true)), 0)
      << "one more rounding";
}

// A key repeated along a row hides all of it.
TEST(AddFeatures, LayoutsLeaveNoRowWithHiddenKeysOnly) {
  GenContext context = with_biases();
  context.set(Feature::strided_scores, 1);
  std::int64_t low = 0;
  for_each_frame(context, 2000, [&](const Problem& p) {
    if (!p.bias || p.bias->count() == 0) return;
    const std::vector<double> values = p.bias->values();
    if (std::none_of(values.begin(), values.end(), is_low)) return;
    ++low;
    laws::for_each_row(p, [&](std::int64_t b, std::int64_t h, std::int64_t i) {
      const std::vector<std::int64_t> keys = oracle::visible_keys(p, b, h, i);
      const auto hidden = [&](std::int64_t j) { return is_low(p.bias->at({b, h, i, j})); };
      EXPECT_TRUE(keys.empty() || !std::all_of(keys.begin(), keys.end(), hidden)) << describe(p);
    });
  });
  EXPECT_GT(low, 100);
}

}  // namespace
}  // namespace attest::check
