// The controls that do what one field of a contract says, without a declaration: that field explains each.

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "check/capture/capture_check.hpp"
#include "numerics/draw.hpp"
#include "scripted_kernel.hpp"
#include "undeclared.hpp"

namespace attest::check {
namespace {

using faults::KernelControl;

constexpr std::int64_t kCases = 80;

struct Undeclared {
  const char* name = "";
  KernelControl control = KernelControl::correct;
  DType dtype = DType::f32;
  RelaxationClass kind = RelaxationClass::ordinary;
  const char* fields = "";
};

constexpr auto kOrdinary = RelaxationClass::ordinary;
constexpr auto kNarrower = RelaxationClass::narrower;

const std::vector<Undeclared>& kernels() {
  static const std::vector<Undeclared> all{
      {"tf32", KernelControl::products_tf32_declared, DType::f32, kNarrower,
       "q_conversion=tf32;k_conversion=tf32"},
      {"cache_bf16", KernelControl::keys_values_in_bf16, DType::f32, kNarrower,
       "k_conversion=bf16;v_conversion=bf16"},
      {"cache_e4m3", KernelControl::keys_values_in_e4m3, DType::bf16, kNarrower,
       "k_conversion=e4m3;v_conversion=e4m3"},
      {"p_e4m3", KernelControl::probability_e4m3, DType::f16, kNarrower,
       "probability=e4m3;probability.scale=256"},
      {"p_by_chance", KernelControl::probability_stochastic, DType::bf16, kNarrower, "repeatable=false"},
      {"order_varies", KernelControl::order_varies, DType::f32, kNarrower, "repeatable=false"},
      {"centred", KernelControl::values_centred, DType::f32, kOrdinary, "numerator_sums=centred"},
      {"chained", KernelControl::split_6_chained, DType::f32, kOrdinary, "splits=8;merge=lse"},
  };
  return all;
}

class UndeclaredControl : public testing::TestWithParam<Undeclared> {};

TEST_P(UndeclaredControl, IsExplainedByItsField) {
  const Undeclared& each = GetParam();
  auto kernel = test::undeclared(arithmetic_of(each.control));
  const KernelReport report = test::campaign_on(kernel, kCases, each.dtype);
  const bool narrower = each.kind == RelaxationClass::narrower;
  EXPECT_EQ(report.verdict, narrower ? Verdict::suspect : Verdict::conforming) << test::told(report);
  ASSERT_TRUE(report.inferred) << test::told(report);
  EXPECT_EQ(report.inferred->fields, each.fields) << test::told(report);
  EXPECT_EQ(report.inferred->kind, each.kind);
}

INSTANTIATE_TEST_SUITE_P(Field, UndeclaredControl, testing::ValuesIn(kernels()),
                         [](const testing::TestParamInfo<Undeclared>& one) { return one.param.name; });

TEST(UndeclaredKernel, ComputesF32DataInF16) {
  faults::faulty::Arithmetic half;
  half.half = true;
  auto kernel = test::undeclared(half);
  const KernelReport report = test::campaign_on(kernel, kCases);
  EXPECT_EQ(report.verdict, Verdict::suspect) << test::told(report);
  ASSERT_TRUE(report.inferred) << test::told(report);
  ASSERT_EQ(report.inferred->reasons.size(), 1) << test::told(report);
  EXPECT_EQ(report.inferred->reasons.front(), "computes in f16");
}

// Results that follow from an earlier call, and repeat where the call does, are no question of a contract.
TEST(UndeclaredKernel, AMemoryOfEarlierCallsIsNotExplained) {
  double before = 0;
  test::ScriptedKernel kernel([](const Problem&, const kernel::RunOptions&) { return std::nullopt; });
  kernel.after = [&before](const Problem& p, kernel::RunOutcome& outcome) {
    if (outcome.status != kernel::RunStatus::ok) return;
    const double scale = p.scale;
    std::vector<double> values = outcome.result.out.values();
    if (before != 0 && before != scale)
      for (double& x : values) x *= 1 + 0x1p-23;
    before = scale;
    outcome.result.out.assign(values);
  };
  const KernelReport report = test::campaign_on(kernel, 12);
  EXPECT_EQ(report.verdict, Verdict::defective) << test::told(report);
}

// One head, one row.
Problem row_of(DType q, DType kv, std::int64_t keys, std::int64_t dim) {
  Problem p;
  p.q = Tensor(q, {1, 1, 1, dim});
  p.k = Tensor(kv, {1, 1, keys, dim});
  p.v = Tensor(kv, {1, 1, keys, 1});
  p.scale = 1;
  p.want_lse = false;
  return p;
}

Problem normal_row(DType q, DType kv, std::int64_t keys, std::int64_t dim, std::uint64_t seed) {
  Problem p = row_of(q, kv, keys, dim);
  p.scale = 1 / std::sqrt(static_cast<double>(dim));
  Draw draw{rc::Random(seed)};
  for (Tensor* tensor : {&p.q, &p.k, &p.v}) {
    std::vector<double> values(static_cast<std::size_t>(tensor->count()));
    for (double& x : values) x = representable(tensor->dtype(), draw.normal());
    tensor->assign(values);
  }
  return p;
}

std::string explained_by(KernelControl control, const Problem& p) {
  auto kernel = test::undeclared(arithmetic_of(control));
  const KernelReport report = check_capture("capture", p, kernel.run(p, {}).result, {});
  return report.inferred ? report.inferred->fields : test::told(report);
}

// Each of 8 products of the first key is less than half of the last bit of a bias of 32,768, and all are
// lost.
TEST(UndeclaredCapture, ABiasThatComesFirstTakesBitsOfEveryProduct) {
  Problem p = row_of(DType::f32, DType::f32, 3, 8);
  p.q.assign(std::vector<double>(8, 1));
  std::vector<double> keys(24, 0);
  std::fill(keys.begin(), keys.begin() + 8, 0.0018);
  std::fill(keys.end() - 8, keys.end(), 0.0625);
  p.k.assign(keys);
  p.v.assign({0, 1, 3});
  p.bias = Tensor(DType::f32, {1, 1, 1, 3});
  p.bias->assign({32'768, 32'768, 32'768});
  EXPECT_EQ(explained_by(KernelControl::bias_first, p), "score.bias=first");
}

// A window leaves 16 of 65,536 keys, where slope * j is near 60,000.
TEST(UndeclaredCapture, AlibiByPositionRoundsAtThePosition) {
  Problem p = normal_row(DType::f32, DType::f32, 65'536, 8, 4);
  p.causal = Causal::bottom_right;
  p.window_left = 15;
  p.alibi_slopes = Tensor(DType::f32, {1});
  p.alibi_slopes->assign({0.9});
  EXPECT_EQ(explained_by(KernelControl::alibi_by_position, p), "score.alibi=position");
}

// A cache in f16 holds other keys and values than those given. Scores are differences of large products, and
// the first row sees one value.
TEST(UndeclaredCapture, KeysAndValuesAreStoredInF16) {
  Problem given = normal_row(DType::f32, DType::f32, 6, 2, 6);
  given.scale = 1;
  given.causal = Causal::top_left;
  given.q = Tensor(DType::f32, {1, 1, 6, 2});
  given.q.assign(std::vector<double>(12, 100));
  for (std::int64_t j = 0; j < 6; ++j)
    given.k.set({0, 0, j, 1}, 0.005 * static_cast<double>(j) - given.k.at({0, 0, j, 0}));
  Problem stored = given;
  for (Tensor* tensor : {&stored.k, &stored.v}) {
    std::vector<double> values = tensor->values();
    for (double& x : values) x = representable(DType::f16, x);
    tensor->assign(values);
  }
  auto kernel = test::undeclared({});
  const KernelReport report = check_capture("capture", given, kernel.run(stored, {}).result, {});
  ASSERT_TRUE(report.inferred);
  EXPECT_EQ(report.inferred->fields, "k_conversion=f16;v_conversion=f16");
}

}  // namespace
}  // namespace attest::check
