// Scalars, windows, masks and biases at values that kernels get wrong, and families of scores that are out of
// the ordinary. Whether a faulty kernel is found by them: promises_test.

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

namespace attest::check {
namespace {

constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();

GenContext small_context() {
  GenContext context;
  context.large_share = 0;
  context.usual_work = 3e3;
  return context;
}

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
    const Limits limits = limits_of(contract, dtype, dtype, 1, 4);
    for (const bool sloped : {false, true}) {
      const double most = sloped ? limits.sloped_bias : limits.bias;
      EXPECT_GE(most, 1e4) << contract.text;
      for (const double floor : {-1e4, -most / 2, -most}) {
        const oracle::Judgement judgement = judged_with_hidden_keys(contract, dtype, floor, sloped);
        EXPECT_EQ(informative_share(judgement), 1) << contract.text << " " << floor << " " << sloped;
      }
    }
  }
  const oracle::ContractSet f32 = oracle::contract_for("f32", DType::f32, DType::f32);
  const Limits limits = limits_of(f32, DType::f32, DType::f32, 64, 100);
  EXPECT_GT(limits.bias, 1e9);
  EXPECT_LT(limits.sloped_bias, 1e9);
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

const Family& family_of(std::string_view name) {
  return *std::find_if(families().begin(), families().end(), [&](const Family& f) { return f.name == name; });
}

double largest_score(const Problem& p) {
  double dot = 0;
  if (p.q.count() * p.k.count() == 0) return 0;
  for (std::int64_t c = 0; c < p.qk_dim(); ++c) dot += p.q.at({0, 0, 0, c}) * p.k.at({0, 0, 0, c});
  return std::fabs(p.scale * dot);
}

bool one_value(const Problem& p, std::int64_t b, std::int64_t h, const std::vector<std::int64_t>& keys) {
  const auto value = [&](std::int64_t j) { return p.v.at({b, oracle::kv_head_of(p, h), j, 0}); };
  return std::all_of(keys.begin(), keys.end(), [&](auto j) { return value(j) == value(keys.front()); });
}

GenContext without_biases() {
  GenContext context = small_context();
  context.set(Feature::bias, 0);
  return context;
}

TEST(HugeScores, HavePlainResults) {
  double largest = 0;
  std::int64_t above_1e4 = 0, single = 0, cases = 0;
  for (std::uint64_t n = 0; n < 400; ++n) {
    const Problem p = problems(family_of("huge scores"), without_biases())(rc::Random(n)).value();
    if (p.q.count() * p.k.count() == 0) continue;
    ++cases;
    largest = std::max(largest, largest_score(p));
    above_1e4 += largest_score(p) > 9e3 ? 1 : 0;
    bool one_key = true;
    laws::for_each_row(p, [&](std::int64_t b, std::int64_t h, std::int64_t i) {
      const std::vector<std::int64_t> keys = oracle::visible_keys(p, b, h, i);
      one_key = one_key && keys.size() <= 1;
      EXPECT_TRUE(one_value(p, b, h, keys)) << describe(p);
    });
    single += one_key ? 1 : 0;
  }
  EXPECT_GT(largest, 1e9);
  EXPECT_GT(above_1e4, cases / 2);
  EXPECT_GT(single, cases / 10);
}

// A score of 1.4e11: rounded to f32 in base 2, its maximum's own exponential is off by a factor of e^8000.
TEST(HugeScores, ReachTheReportedOne) {
  GenContext context = without_biases();
  context.contract = "flash-bf16";
  context.shape = ShapeClass::one_key;
  for (const Feature f : {Feature::f64, Feature::f32, Feature::f16, Feature::mixed_dtypes}) context.set(f, 0);
  for (const Feature f : {Feature::odd_dims, Feature::wide_dims, Feature::unequal_dims}) context.set(f, 0);
  const auto kernel = test::plain_kernel(test::Fault::maximum_folded);
  const auto correct = test::plain_kernel(test::Fault::none);
  bool drawn = false, not_a_number = false;
  for (std::uint64_t n = 0; n < 1600; ++n) {
    const Problem p = problems(family_of("huge scores"), context)(rc::Random(n)).value();
    if (p.q.count() == 0) continue;
    drawn = drawn || (p.q.at({0, 0, 0, 0}) == 133120 && std::fabs(p.k.at({0, 0, 0, 0})) == 133120);
    const auto finite = [&](kernel::Kernel& tried) {
      const std::vector<double> out = tried.run(p, {}).result.out.values();
      return std::all_of(out.begin(), out.end(), [](double x) { return std::isfinite(x); });
    };
    EXPECT_TRUE(finite(*correct));
    not_a_number = not_a_number || !finite(*kernel);
  }
  EXPECT_TRUE(drawn);
  EXPECT_TRUE(not_a_number);
}

double score_at(const Problem& p, std::int64_t i, std::int64_t j) {
  double dot = 0;
  for (std::int64_t c = 0; c < p.qk_dim(); ++c) dot += p.q.at({0, 0, i, c}) * p.k.at({0, 0, j, c});
  return p.scale * dot;
}

TEST(RowsApart, HaveTheirMaximaAtOppositeEnds) {
  std::int64_t opposite = 0, cases = 0;
  for (std::uint64_t n = 0; n < 200; ++n) {
    const Problem p = problems(family_of("rows apart"), small_context())(rc::Random(n)).value();
    if (p.batch() * p.kv_len() == 0 || p.q_len() < 2 || p.kv_len() < 8) continue;
    ++cases;
    const double rise = score_at(p, 0, p.kv_len() - 1) - score_at(p, 0, 0);
    const double other = score_at(p, 1, p.kv_len() - 1) - score_at(p, 1, 0);
    opposite += rise > 8 && other < -7 ? 1 : 0;
  }
  EXPECT_GT(cases, 30);
  EXPECT_GT(opposite, cases / 20);
}

TEST(RowsBeforeKeys, AreThereWithAndWithoutASink) {
  std::int64_t with = 0, without = 0;
  for (std::uint64_t n = 0; n < 100; ++n) {
    const Problem p = problems(family_of("rows before keys"), small_context())(rc::Random(n)).value();
    if (p.batch() * p.q_len() * p.kv_len() == 0 || p.causal == Causal::top_left) continue;
    if (oracle::position_of(p, 0, 0) >= 0) continue;
    (p.sink ? with : without) += 1;
  }
  EXPECT_GT(with, 15);
  EXPECT_GT(without, 15);
}

}  // namespace
}  // namespace attest::check
