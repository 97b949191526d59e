// Operations as data: the forward pass by its row, and a second operation that only this test has, the merge
// of partial results. A backward pass would be a third: it adds its tensors to the tables of inputs and
// outputs, and states its own definition and laws as the merge does here.

#include "laws/operation.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "law_problems.hpp"
#include "laws/evaluate.hpp"
#include "oracle/contract/contract.hpp"
#include "plain_kernel.hpp"

namespace attest::check {
namespace {

using laws::LawId;
using laws::LawStanding;
using oracle::contract_for;
using oracle::Judgement;
using oracle::NumberStandard;
using test::Fault;

// ---- The forward pass: both ways of judging it give the same.

std::vector<Problem> forward_problems() {
  Problem plain = problem(3, {1, -2, 5, 3});
  plain.q.assign({1, 2, -3});
  plain.k.assign({8, 0.25, 0.125, 1});
  Problem empty = plain;  // the first row sees nothing
  empty.causal = Causal::bottom_right;
  empty.kv_lens = Tensor(DType::i32, {1});
  empty.kv_lens->assign({2});
  Problem sink = empty;
  sink.sink = Tensor(DType::f32, {1});
  sink.sink->assign({0.5});
  Problem without_lse = plain;
  without_lse.want_lse = false;
  Problem not_finite = plain;
  not_finite.v.set({0, 0, 1, 0}, HUGE_VAL);
  return {plain, empty, sink, without_lse, not_finite};
}

void expect_alike(const Judgement& one, const Judgement& two) {
  for (const OutputTensor& output : kForward.outputs) {
    const oracle::Tally& a = one.tally(output.output);
    const oracle::Tally& b = two.tally(output.output);
    EXPECT_EQ(a.within, b.within) << output.name;
    EXPECT_EQ(a.violated, b.violated) << output.name;
    EXPECT_EQ(a.out_of_range, b.out_of_range) << output.name;
    EXPECT_EQ(a.uninformative, b.uninformative) << output.name;
    EXPECT_EQ(a.ratios.max(), b.ratios.max()) << output.name;
  }
}

TEST(Operation, TheForwardPassIsJudgedAlikeByItsDefinitionAndByFasterMeans) {
  const laws::Operation& forward = laws::forward_operation();
  std::int64_t within = 0, violated = 0, out_of_range = 0;
  for (const Problem& p : forward_problems()) {
    const oracle::ContractSet contract = contract_for("f32", DType::f32, DType::f32);
    for (const Fault fault : {Fault::none, Fault::mean_of_values, Fault::lse_base2, Fault::nan_on_empty}) {
      const Result result = test::plain_kernel(fault)->run(p, {}).result;
      const Judgement fast = forward.judge(p, result, contract);
      expect_alike(fast, oracle::judge_by_definition(forward.signature.outputs,
                                                     forward.definition(p, contract), result));
      within += fast.out.within + fast.lse.within;
      violated += fast.out.violated + fast.lse.violated;
      out_of_range += fast.out.out_of_range;
    }
  }
  EXPECT_GT(within, 40);
  EXPECT_GT(violated, 10);
  EXPECT_GT(out_of_range, 0);
}

// ---- A merge: what split-KV decoding does with the outputs and lse of its splits. The parts lie along the
// axis of the keys.

constexpr auto kMergeInputs = std::to_array<Input>({
    {.name = "outs",
     .short_name = "outs",
     .member = &Problem::v,
     .field = nullptr,
     .dtype = DType::f32,
     .rank = 4,
     .axes = {{{AxisRole::batch}, {AxisRole::kv_head}, {AxisRole::key}, {AxisRole::v_channel}}},
     .values = InputValues::finite,
     .effect = InputEffect::operand,
     .absent = ""},
    {.name = "lses",
     .short_name = "lses",
     .member = &Problem::bias,
     .field = nullptr,
     .dtype = DType::f32,
     .rank = 4,
     .axes = input_axes::kPerScore,
     .values = InputValues::additive,
     .effect = InputEffect::operand,
     .absent = ""},
});

// What a merge is in real numbers.
struct Merged {
  long double lse = 0;
  std::vector<long double> out, size;  // size: the sum of |weight * output|
  double spread = 0;                   // the largest of max - lse
};

Merged merged(const Problem& p, std::int64_t b, std::int64_t h) {
  const std::int64_t parts = p.kv_len();
  const auto lse = [&](std::int64_t j) { return static_cast<long double>(p.bias->at({b, h, 0, j})); };
  long double most = -HUGE_VALL, sum = 0;
  for (std::int64_t j = 0; j < parts; ++j) most = std::max(most, lse(j));
  Merged made;
  for (std::int64_t j = 0; j < parts; ++j) {
    sum += std::exp(lse(j) - most);
    made.spread = std::max(made.spread, static_cast<double>(most - lse(j)));
  }
  made.lse = most + std::log(sum);
  for (std::int64_t c = 0; c < p.v_dim(); ++c) {
    long double out = 0, size = 0;
    for (std::int64_t j = 0; j < parts; ++j) {
      const long double term = std::exp(lse(j) - made.lse) * static_cast<long double>(p.v.at({b, h, j, c}));
      out += term;
      size += std::fabs(term);
    }
    made.out.push_back(out);
    made.size.push_back(size);
  }
  return made;
}

// In f32 with n parts, to first order and twice that for the rest: the difference of two lse rounds once,
// which moves its exponential by `spread` u; the exponential is within 2 u; sums round n times. So numerator
// and denominator are each within spread + n + 3 units, and the division rounds once more.
NumberStandard standard_of(const Merged& m, std::int64_t parts, const Place& place) {
  constexpr double u = 0x1p-24;
  const double weights = 2 * (m.spread + static_cast<double>(parts) + 3) * u;
  const bool out = place.in(Output::out);
  const auto channel = static_cast<std::size_t>(place.channel);
  const long double value = out ? m.out[channel] : m.lse;
  const auto hi = static_cast<double>(value);
  const auto size = static_cast<double>(out ? m.size[channel] : std::fabs(m.lse) + std::log(parts) + 1);
  const double radius = 0x1p-58 * size;  // of the sums in long double
  return {.exact = {.hi = hi, .lo = static_cast<double>(value - hi), .radius = radius},
          .bound = (2 * weights + 2 * u) * size + radius};
}

oracle::StandardOf merge_definition(const Problem& problem, const oracle::ContractSet&) {
  return [&problem](const Place& place, double) {
    return standard_of(merged(problem, place.b, place.h), problem.kv_len(), place);
  };
}

const std::vector<laws::Law>& merge_laws() {
  static const std::vector<laws::Law> laws{law_of(LawId::definition), law_of(LawId::lse),
                                           law_of(LawId::permutation), law_of(LawId::repeat)};
  return laws;
}

constexpr laws::Operation kMerge{.signature = {.name = "merge",
                                               .symbol = "attest_kernel_merge",
                                               .inputs = kMergeInputs,
                                               .scalars = {},
                                               .outputs = kOutputs},
                                 .definition = merge_definition,
                                 .judge_fast = nullptr,
                                 .laws = merge_laws};

enum class Mistake : std::uint8_t { none, mean_of_parts, last_part_lost, lse_is_maximum };

class MergeKernel final : public kernel::Kernel {
 public:
  explicit MergeKernel(Mistake mistake) : mistake_(mistake) { info_.name = "merge"; }
  const kernel::KernelInfo& info() const override { return info_; }

  kernel::RunOutcome run(const Problem& p, const kernel::RunOptions&) override {
    kernel::RunOutcome outcome;
    outcome.result.out = Tensor(DType::f32, p.out_shape());
    outcome.result.lse = Tensor(DType::f32, p.lse_shape());
    for (std::int64_t b = 0; b < p.batch(); ++b) {
      for (std::int64_t h = 0; h < p.q_heads(); ++h) merge(p, b, h, outcome.result);
    }
    return outcome;
  }

 private:
  void merge(const Problem& p, std::int64_t b, std::int64_t h, Result& result) const {
    const std::int64_t parts = p.kv_len() - (mistake_ == Mistake::last_part_lost ? 1 : 0);
    const auto lse = [&](std::int64_t j) { return static_cast<float>(p.bias->at({b, h, 0, j})); };
    float most = -HUGE_VALF, sum = 0;
    for (std::int64_t j = 0; j < parts; ++j) most = std::max(most, lse(j));
    std::vector<float> out(static_cast<std::size_t>(p.v_dim()));
    for (std::int64_t j = 0; j < parts; ++j) {
      const float weight = mistake_ == Mistake::mean_of_parts ? 1 : std::exp(lse(j) - most);
      sum += weight;
      for (std::int64_t c = 0; c < p.v_dim(); ++c)
        out[static_cast<std::size_t>(c)] += weight * static_cast<float>(p.v.at({b, h, j, c}));
    }
    for (std::int64_t c = 0; c < p.v_dim(); ++c)
      result.out.set({b, h, 0, c}, out[static_cast<std::size_t>(c)] / sum);
    result.lse->set({b, h, 0}, mistake_ == Mistake::lse_is_maximum ? most : most + std::log(sum));
  }

  Mistake mistake_;
  kernel::KernelInfo info_;
};

// Two batches of two heads, three splits each.
Problem splits() {
  Problem p;
  p.q = Tensor(DType::f32, {2, 2, 1, 1});
  p.k = Tensor(DType::f32, {2, 2, 3, 1});
  p.v = Tensor(DType::f32, {2, 2, 3, 2});
  p.bias = Tensor(DType::f32, {2, 2, 1, 3});
  std::vector<double> outs, lses;
  for (int n = 0; n < 24; ++n) outs.push_back(std::sin(n));
  for (int n = 0; n < 12; ++n) lses.push_back(3 * std::cos(n));
  p.v.assign(outs);
  p.bias->assign(lses);
  return p;
}

LawStanding standing(LawId law, Mistake mistake) {
  const Problem p = splits();
  const oracle::ContractSet contract = contract_for("f32", DType::f32, DType::f32);
  MergeKernel kernel(mistake);
  laws::Subject subject(kMerge, kernel, p, contract, {});
  return laws::evaluate(laws::law_of(law), subject).standing;
}

TEST(Operation, ASecondOneIsAddedAsDataAndJudged) {
  const oracle::ContractSet contract = contract_for("f32", DType::f32, DType::f32);
  const Problem p = splits();
  const Judgement right = kMerge.judge(p, MergeKernel(Mistake::none).run(p, {}).result, contract);
  EXPECT_EQ(right.out.within, 8);
  EXPECT_EQ(right.lse.within, 4);
  EXPECT_LT(right.out.ratios.max(), 1);
  EXPECT_GT(right.out.ratios.max(), 0);
  const Judgement wrong = kMerge.judge(p, MergeKernel(Mistake::mean_of_parts).run(p, {}).result, contract);
  EXPECT_EQ(wrong.out.violated, 8);
  EXPECT_NEAR(wrong.violations.front().expected, static_cast<double>(merged(p, 0, 0).lse), 1e-15);
}

TEST(Operation, ASecondOneIsPutToItsLaws) {
  for (const laws::Law& law : kMerge.laws()) {
    EXPECT_EQ(standing(law.id, Mistake::none), LawStanding::held) << law.name;
  }
  EXPECT_EQ(standing(LawId::definition, Mistake::mean_of_parts), LawStanding::broken);
  EXPECT_EQ(standing(LawId::permutation, Mistake::last_part_lost), LawStanding::broken);
  EXPECT_EQ(standing(LawId::lse, Mistake::lse_is_maximum), LawStanding::broken);
  EXPECT_EQ(standing(LawId::definition, Mistake::lse_is_maximum), LawStanding::held);
}

// A merge of splits is attention whose scores are their lse, so the oracle of the forward pass is a second
// opinion on the definition above.
TEST(Operation, TheMergeAgreesWithAttentionOverTheSplits) {
  const oracle::ContractSet contract = contract_for("f32", DType::f32, DType::f32);
  const Problem p = splits();
  for (const Mistake mistake : {Mistake::none, Mistake::mean_of_parts, Mistake::lse_is_maximum}) {
    const Result result = MergeKernel(mistake).run(p, {}).result;
    const Judgement merge = kMerge.judge(p, result, contract);
    const Judgement attention = laws::forward_operation().judge(p, result, contract);
    EXPECT_EQ(merge.out.violated, attention.out.violated);
    EXPECT_EQ(merge.lse.violated, attention.lse.violated);
  }
}

}  // namespace
}  // namespace attest::check
