// The signature of each fault against the kernel that has it: on f64 problems of every family, each element
// must lie near what the signature says; on f32 problems, within the contract's bound around that.

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/Random.h>
#include <rapidcheck/Shrinkable.h>

#include "check/generate/families.hpp"
#include "faults/diagnosis/certify_fault.hpp"
#include "faults/diagnosis/sampled_rows.hpp"
#include "faults/signatures/prediction.hpp"
#include "faults/signatures/problem/faulty_problem.hpp"
#include "faults/signatures/row/seen_rows.hpp"
#include "kernels.hpp"
#include "special_problems.hpp"

namespace attest::faults {
namespace {

check::GenContext context_of(DType dtype) {
  check::GenContext context;
  context.contract = std::string(name_of(dtype));
  for (const check::Feature f : {check::Feature::f64, check::Feature::f32, check::Feature::f16,
                                 check::Feature::bf16, check::Feature::mixed_dtypes})
    context.set(f, name_of(f) == name_of(dtype) ? 1 : 0);
  context.plain = 0.05;
  context.usual_work = 2e4;
  context.large_share = 0.02;
  context.large_work = 3e5;
  return context;
}

double largest_value(const Problem& p) {
  double largest = 1;
  for (const double x : p.v.values()) {
    if (std::isfinite(x)) largest = std::max(largest, std::fabs(x));
  }
  return largest;
}

// By so much that the last bits of q.k are lost, in f64 too, in a row that sees no other key.
bool may_lower_every_score(const Problem& p) {
  if (!p.bias) return false;
  const std::vector<double> values = p.bias->values();
  return std::any_of(values.begin(), values.end(), [](double x) { return std::isfinite(x) && x < -1e5; });
}

std::vector<Problem> generated(DType dtype, int count) {
  std::vector<Problem> problems;
  const check::GenContext context = context_of(dtype);
  for (int n = 0; n < count; ++n) {
    Problem p = check::any_problem(context)(rc::Random(static_cast<std::uint64_t>(n) + 17), 0).value();
    // Where sums come near the top of the range, whether they overflow depends on their order.
    if (largest_value(p) < 1e290 && !(dtype == DType::f64 && may_lower_every_score(p)))
      problems.push_back(std::move(p));
  }
  return problems;
}

bool within(double got, const oracle::Known& value, double tolerance) {
  if (!std::isfinite(value.hi)) return std::isnan(value.hi) ? std::isnan(got) : got == value.hi;
  return std::fabs((got - value.hi) - value.lo) <= value.radius + tolerance;
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

Hypothesis hypothesis_of(const KernelFaultEntry& entry) {
  return {entry.signature, entry.depends == Depends::tile ? faulty::kTileKeys : 0};
}

std::vector<Problem> with_special(std::vector<Problem> problems, KernelFault fault, DType dtype) {
  for (Problem& p : test::special_problems(fault, dtype)) problems.push_back(std::move(p));
  return problems;
}

// The offset of a mask's row shows beyond 4 GiB only: offsets_test.cpp.
std::vector<KernelFaultEntry> with_signature(const std::vector<DTypes>& dtypes) {
  std::vector<KernelFaultEntry> some;
  for (const KernelFaultEntry& entry : fault_catalogue()) {
    const bool seen =
        std::any_of(dtypes.begin(), dtypes.end(), [&](const DTypes& d) { return shows(entry, d); });
    const bool far = entry.fault == KernelFault::mask_row_offset_32_bits;
    if (seen && !far && entry.signature != KernelFault::none) some.push_back(entry);
  }
  return some;
}

class Signature : public testing::TestWithParam<KernelFaultEntry> {};

TEST_P(Signature, IsWhatTheKernelReturns) {
  const KernelFaultEntry& entry = GetParam();
  const Hypothesis hypothesis = hypothesis_of(entry);
  static const std::vector<Problem> drawn = generated(DType::f64, 120);
  const std::vector<Problem> problems = with_special(drawn, entry.fault, DType::f64);
  const auto kernel = test::kernel_of(entry.fault);
  std::int64_t rows = 0;
  std::int64_t changed_rows = 0;
  std::int64_t tied_rows = 0;
  std::int64_t guessed_rows = 0;
  for (const Problem& p : problems) {
    const kernel::RunOutcome outcome = kernel->run(p, {});
    ASSERT_EQ(outcome.status, kernel::RunStatus::ok) << describe(p);
    const std::optional<Problem> changed = faulty_problem(p, hypothesis);
    const double unit = largest_value(changed ? *changed : p);
    SeenRows seen(p);
    for (std::int64_t at = 0; at < p.batch() * p.q_heads() * p.q_len(); ++at) {
      const std::int64_t b = at / p.q_len() / p.q_heads();
      const std::int64_t h = at / p.q_len() % p.q_heads();
      const std::int64_t i = at % p.q_len();
      const std::optional<FaultyRow> faulty = row_under(seen, changed, hypothesis, b, h, i);
      const RowPrediction correct = prediction_of(oracle::gather_row(p, b, h, i));
      const RowPrediction prediction = faulty ? prediction_of(*faulty) : correct;
      ++rows;
      if (!prediction.certain) {
        ++guessed_rows;
        continue;
      }
      bool same = true;
      bool tie = false;
      for (std::int64_t c = 0; c < p.v_dim(); ++c) {
        const oracle::Known& value = prediction.out[static_cast<std::size_t>(c)];
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
  // The last bits of products are known of few problems.
  const bool in_last_bits = entry.fault == KernelFault::rescale_contracted;
  EXPECT_LE(guessed_rows, in_last_bits ? rows : rows / 10);
}

INSTANTIATE_TEST_SUITE_P(Faults, Signature, testing::ValuesIn(with_signature({{DType::f64, DType::f64}})),
                         [](const auto& tested) { return std::string(tested.param.name); });

// Scores so large that no bound holds are what shows these faults.
bool bound_says_nothing(KernelFault fault) {
  return fault == KernelFault::exp2_rounded_maximum || fault == KernelFault::initial_max_minus_1e30;
}

bool is_not_near(const Evidence& evidence, const SampledRow& row) {
  const double got = evidence.result.out.at({row.b, row.h, row.i, 0});
  return !within(got, row.correct.out.front(), 0.01);
}

bool same_numbers(const std::vector<double>& a, const std::vector<double>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); });
}

// What is kept of a row for one hypothesis changes nothing of it for the next.
TEST(Signatures, AreTheSameOfRowsThatOtherHypothesesHaveSeen) {
  const std::vector<Problem> problems = generated(DType::f32, 6);
  std::int64_t compared = 0;
  for (const Problem& p : problems) {
    if (p.batch() * p.q_len() == 0) continue;
    SeenRows shared(p);
    for (const Hypothesis& hypothesis : all_hypotheses()) {
      const std::optional<Problem> changed = faulty_problem(p, hypothesis);
      for (std::int64_t i = 0; i < p.q_len(); i += 7) {
        SeenRows alone(p);
        const auto a = row_under(shared, changed, hypothesis, 0, 0, i);
        const auto b = row_under(alone, changed, hypothesis, 0, 0, i);
        ASSERT_EQ(a.has_value(), b.has_value());
        if (!a) continue;
        ++compared;
        EXPECT_EQ(a->certain, b->certain);
        EXPECT_TRUE(same_numbers(a->out, b->out));
        EXPECT_TRUE(same_numbers(a->row.bias, b->row.bias));
        EXPECT_TRUE(same_numbers(a->row.k, b->row.k));
        EXPECT_TRUE(same_numbers(a->row.v, b->row.v));
      }
    }
  }
  EXPECT_GT(compared, 100);
}

class SignatureInF32 : public testing::TestWithParam<KernelFaultEntry> {};

// What names the fault: no row lies outside the bound around the signature, and some within it are outside
// that around the right result.
TEST_P(SignatureInF32, IsNotRefutedByTheKernel) {
  const KernelFaultEntry& entry = GetParam();
  const Hypothesis hypothesis = hypothesis_of(entry);
  static const std::vector<Problem> drawn = generated(DType::f32, 40);
  const auto kernel = test::kernel_of(entry.fault);
  std::int64_t wrong_rows = 0;
  for (const Problem& p : with_special(drawn, entry.fault, DType::f32)) {
    const Evidence evidence{p, kernel->run(p, {}).result};
    const oracle::ContractSet contract =
        oracle::contract_for(kernel->info().contract, p.q.dtype(), p.k.dtype());
    const std::optional<Problem> changed = faulty_problem(p, hypothesis);
    SeenRows seen(p);
    for (const SampledRow& row : sampled_rows(evidence, contract)) {
      const RowStanding standing = standing_under(evidence, contract, changed, hypothesis, row, seen);
      ASSERT_NE(standing, RowStanding::outside)
          << describe(p) << " scale " << p.scale << " row " << row.b << "," << row.h << "," << row.i;
      if (bound_says_nothing(entry.fault) && is_not_near(evidence, row)) ++wrong_rows;
      if (standing != RowStanding::within) continue;
      if (standing_under(evidence, contract, {}, {}, row, seen) == RowStanding::outside) ++wrong_rows;
    }
  }
  EXPECT_GT(wrong_rows, 0) << "no problem shows this fault";
}

INSTANTIATE_TEST_SUITE_P(Faults, SignatureInF32,
                         testing::ValuesIn(with_signature({{DType::f32, DType::f32},
                                                           {DType::f32, DType::f16}})),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(Catalogue, HasEveryFaultAndControlOnce) {
  std::set<std::string_view> names;
  for (const KernelFaultEntry& entry : fault_catalogue()) {
    EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
    EXPECT_EQ(entry_of(root_cause_of(entry.fault)).name, entry.name);
  }
  EXPECT_FALSE(names.empty());
  for (const KernelControlEntry& entry : control_catalogue()) {
    EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
  }
  for (const NarrowKernelEntry& entry : narrow_catalogue()) {
    EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
  }
}

TEST(RootCauses, HaveNamesAndNumbersOfTheirOwn) {
  std::set<std::string_view> names, numbers;
  for (const RootCauseEntry& cause : kRootCauses) {
    EXPECT_TRUE(names.insert(cause.name).second) << cause.name;
    EXPECT_TRUE(numbers.insert(cause.number).second) << cause.number;
    EXPECT_FALSE(cause.sentence.empty()) << cause.name;
  }
  EXPECT_GT(kRootCauses.size(), fault_catalogue().size()) << "none is of the recurrence alone";
}

}  // namespace
}  // namespace attest::faults
