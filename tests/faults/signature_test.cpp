// The signature of each fault against the kernel that has it: on f64 problems of every family, each element
// must lie within the f64 error bound around what the signature says.

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/Random.h>
#include <rapidcheck/Shrinkable.h>

#include "check/families.hpp"
#include "faults/faulty_problem.hpp"
#include "faults/prediction.hpp"
#include "faults/witness.hpp"
#include "kernels.hpp"

namespace attest {
namespace {

GenContext f64_context() {
  GenContext context;
  context.contract = "f64";
  for (const Feature f : {Feature::f32, Feature::f16, Feature::bf16, Feature::mixed_dtypes})
    context.set(f, 0);
  context.plain = 0.05;
  context.usual_work = 2e4;
  context.large_share = 0.02;
  context.large_work = 3e5;
  return context;
}

std::vector<Problem> generated(int count) {
  std::vector<Problem> problems;
  const GenContext context = f64_context();
  for (int n = 0; n < count; ++n) {
    problems.push_back(any_problem(context)(rc::Random(static_cast<std::uint64_t>(n) + 17), 0).value());
  }
  return problems;
}

// Faults that no family shows, each on a problem made for it.
void add_special(std::vector<Problem>& problems) {
  Problem wide;  // offsets beyond 16 bits
  wide.q = Tensor(DType::f64, {1, 1, 1, 64});
  wide.k = Tensor(DType::f64, {1, 1, 1100, 64});
  wide.v = Tensor(DType::f64, {1, 1, 1100, 1});
  for (std::int64_t j = 0; j < 1100; ++j) {
    wide.k.set({0, 0, j, j % 64}, static_cast<double>(j % 7));
    wide.v.set({0, 0, j, 0}, static_cast<double>(j));
  }
  for (std::int64_t c = 0; c < 64; ++c) wide.q.set({0, 0, 0, c}, 0.5 + 0.01 * static_cast<double>(c));
  problems.push_back(wide);
  Problem poisoned;  // NaN in the padding of the last tile
  poisoned.q = Tensor(DType::f64, {1, 1, 2, 1});
  poisoned.k = Tensor(DType::f64, {1, 1, 6, 1});
  poisoned.v = Tensor(DType::f64, {1, 1, 6, 2});
  poisoned.kv_lens = Tensor(DType::i32, {1});
  poisoned.kv_lens->set({0}, 4);
  for (std::int64_t j = 4; j < 6; ++j) {
    for (std::int64_t c = 0; c < 2; ++c) poisoned.v.set({0, 0, j, c}, NAN);
  }
  problems.push_back(poisoned);
  Problem shared;  // a mask that the heads share, another one for each batch
  shared.q = Tensor(DType::f64, {2, 2, 1, 1});
  shared.k = shared.v = Tensor(DType::f64, {2, 2, 2, 1});
  shared.v.assign({1, 2, 3, 4, 5, 6, 7, 8});
  shared.mask = Tensor(DType::u8, {2, 1, 1, 2});
  shared.mask->assign({1, 0, 0, 1});
  problems.push_back(shared);
  Problem low;  // scores below the initial maximum by more than an exponential can bear
  low.q = low.k = low.v = Tensor(DType::f64, {1, 1, 3, 1});
  low.q.assign({1, 1, 1});
  low.k.assign({-6e4, -6e4, -7e4});
  low.v.assign({1, 2, 3});
  problems.push_back(low);
}

bool within(double got, const Known& value, double tolerance) {
  if (!std::isfinite(value.hi)) return std::isnan(value.hi) ? std::isnan(got) : got == value.hi;
  return std::fabs((got - value.hi) - value.lo) <= value.radius + tolerance;
}

double largest_value(const Problem& p) {
  double largest = 1;
  for (const double x : p.v.values()) {
    if (std::isfinite(x)) largest = std::max(largest, std::fabs(x));
  }
  return largest;
}

// Relative to the values, what f64 sums may lose.
constexpr double kTolerance = 1e-9;

// A 16-bit rounding falls the other way where it is a tie but for the kernel's own last bits: one such step
// is allowed, in a few rows.
double tie_of(KernelFault fault) {
  if (fault == KernelFault::accumulate_f16) return 0x1p-9;
  if (fault == KernelFault::accumulate_bf16) return 0x1p-6;
  if (fault == KernelFault::score_rounded_f16) return 0x1p-7;
  return 0;
}

class Signature : public testing::TestWithParam<KernelFaultEntry> {};

TEST_P(Signature, IsWhatTheKernelReturns) {
  const KernelFaultEntry& entry = GetParam();
  const Hypothesis hypothesis{entry.fault, entry.depends == Depends::tile ? faulty::kTileKeys : 0};
  static const std::vector<Problem> problems = [] {
    std::vector<Problem> made = generated(120);
    add_special(made);
    return made;
  }();
  const auto kernel = test::kernel_of(entry.fault);
  std::int64_t rows = 0;
  std::int64_t changed_rows = 0;
  std::int64_t tied_rows = 0;
  for (const Problem& p : problems) {
    const RunOutcome outcome = kernel->run(p, {});
    ASSERT_EQ(outcome.status, RunStatus::ok) << describe(p);
    const std::optional<Problem> changed = faulty_problem(p, hypothesis);
    const double unit = largest_value(changed ? *changed : p);
    for (std::int64_t at = 0; at < p.batch() * p.q_heads() * p.q_len(); ++at) {
      const std::int64_t b = at / p.q_len() / p.q_heads();
      const std::int64_t h = at / p.q_len() % p.q_heads();
      const std::int64_t i = at % p.q_len();
      const std::optional<FaultyRow> faulty = row_under(p, changed, hypothesis, b, h, i);
      const RowPrediction correct = prediction_of(gather_row(p, b, h, i));
      const RowPrediction prediction = faulty ? prediction_of(*faulty) : correct;
      ++rows;
      bool same = true;
      bool tie = false;
      for (std::int64_t c = 0; c < p.v_dim(); ++c) {
        const Known& value = prediction.out[static_cast<std::size_t>(c)];
        const double got = outcome.result.out.at({b, h, i, c});
        const double size = std::max(unit, std::fabs(value.hi));
        tie = tie || !within(got, value, kTolerance * size);
        ASSERT_TRUE(within(got, value, std::max(kTolerance, tie_of(entry.fault)) * size))
            << describe(p) << " scale " << p.scale << " row " << b << "," << h << "," << i << " channel " << c
            << ": got " << got << ", predicted " << value.hi << ", correct "
            << correct.out[static_cast<std::size_t>(c)].hi;
        same = same && within(got, correct.out[static_cast<std::size_t>(c)], kTolerance * size);
      }
      if (!same) ++changed_rows;
      if (tie) ++tied_rows;
      if (!outcome.result.lse || !prediction.lse_known) continue;
      const double lse = outcome.result.lse->at({b, h, i});
      ASSERT_TRUE(within(lse, prediction.lse,
                         std::max(kTolerance, tie_of(entry.fault)) * (1 + std::fabs(prediction.lse.hi))))
          << describe(p) << " row " << b << "," << h << "," << i << ": lse " << lse << ", predicted "
          << prediction.lse.hi << ", correct " << correct.lse.hi;
    }
  }
  EXPECT_GT(rows, 2000);
  EXPECT_GT(changed_rows, 0) << "no problem shows this fault";
  EXPECT_LE(100 * tied_rows, rows);
}

INSTANTIATE_TEST_SUITE_P(Faults, Signature, testing::ValuesIn(fault_catalogue()),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(Catalogue, HasEveryFaultAndControlOnce) {
  std::set<std::string_view> names;
  std::set<std::string_view> numbers;
  for (const KernelFaultEntry& entry : fault_catalogue()) {
    EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
    EXPECT_TRUE(numbers.insert(entry.number).second) << entry.number;
  }
#define ATTEST_COUNT(name) +1
  EXPECT_EQ(names.size(), 0U ATTEST_FAULTS(ATTEST_COUNT));
  for (const KernelControlEntry& entry : control_catalogue()) {
    EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
  }
  EXPECT_EQ(names.size(), 0U ATTEST_FAULTS(ATTEST_COUNT) ATTEST_CONTROLS(ATTEST_COUNT));
#undef ATTEST_COUNT
}

}  // namespace
}  // namespace attest
