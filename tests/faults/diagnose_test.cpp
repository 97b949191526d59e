// The matched filter on evidence made here: a fault below the rounding of any one element, no fault, a fault
// that nobody knows.

#include "faults/diagnosis/diagnose.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "faults/diagnosis/condition.hpp"
#include "kernels.hpp"
#include "numerics/random_value.hpp"

namespace attest::faults {
namespace {

double random_number(std::uint64_t& seed) { return 2 * random_unit(seed++) - 1; }

// Causal, q_len rows against as many keys.
Problem causal_problem(DType dtype, std::int64_t length, std::int64_t dim) {
  Problem p;
  p.q = p.k = p.v = Tensor(dtype, {1, 1, length, dim});
  p.causal = Causal::bottom_right;
  p.scale = 1 / std::sqrt(static_cast<double>(dim));
  std::uint64_t seed = 5;
  for (Tensor* t : {&p.q, &p.k, &p.v}) {
    std::vector<double> values;
    for (std::int64_t n = 0; n < t->count(); ++n) values.push_back(2 * random_number(seed));
    t->assign(values);
  }
  return p;
}

// One row of uniform weights.
Problem long_keys(DType dtype, std::int64_t keys, std::int64_t dim) {
  Problem p = causal_problem(dtype, 1, dim);
  p.k = p.v = Tensor(dtype, {1, 1, keys, dim});
  p.causal = Causal::none;
  std::uint64_t seed = 7;
  for (Tensor* t : {&p.k, &p.v}) {
    std::vector<double> values;
    for (std::int64_t n = 0; n < t->count(); ++n) values.push_back(representable(dtype, random_number(seed)));
    t->assign(values);
  }
  return p;
}

Evidence answered(kernel::Kernel& kernel, const Problem& p) { return {p, kernel.run(p, {}).result}; }

std::vector<Diagnosis> diagnosed(const std::vector<Evidence>& evidence, const std::string& contract) {
  std::vector<oracle::ContractSet> sets;
  for (const Evidence& e : evidence)
    sets.push_back(oracle::contract_for(contract, e.problem.q.dtype(), e.problem.k.dtype()));
  std::vector<const oracle::ContractSet*> contracts;
  for (const oracle::ContractSet& set : sets) contracts.push_back(&set);
  return diagnose(evidence, contracts);
}

TEST(Diagnose, CertifiesAFaultInF32) {
  const auto kernel = test::kernel_of(KernelFault::causal_key_ahead);
  const auto found =
      diagnosed({answered(*kernel, causal_problem(DType::f32, 24, 8))}, kernel->info().contract);
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found.front().fault(), "causal_key_ahead");
  EXPECT_TRUE(found.front().certified);
  EXPECT_NEAR(found.front().alpha, 1, 1e-4);
  // Every tile of 32 or more is the last one.
  EXPECT_EQ(diagnosis_text(found).substr(0, 107),
            "one of: causal mask one key too far, in every row; causal mask one key too far, in the last key "
            "tile (tiles");
  EXPECT_TRUE(names(found, KernelFault::causal_key_ahead));
  EXPECT_TRUE(names(found, KernelFault::causal_key_ahead_last_tile));
  EXPECT_FALSE(names(found, KernelFault::causal_top_left));
}

TEST(Diagnose, IsTheSameWhereItIsKept) {
  const auto kernel = test::kernel_of(KernelFault::causal_key_ahead);
  const auto right = test::kernel_of(KernelFault::none);
  const Problem p = causal_problem(DType::f32, 24, 8);
  const std::string contract = kernel->info().contract;
  const std::vector<Diagnosis> fresh = diagnosed({answered(*kernel, p)}, contract);
  diagnosis_memo().limit(1 << 16);
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(diagnosis_text(diagnosed({answered(*kernel, p)}, contract)), diagnosis_text(fresh));
    EXPECT_TRUE(diagnosed({answered(*right, p)}, contract).empty());
    EXPECT_TRUE(diagnosed({answered(*kernel, p), answered(*right, p)}, contract).empty());
  }
  diagnosis_memo().limit(0);
}

TEST(Diagnose, NamesOneFaultWhereNoOtherExplainsTheSameElements) {
  const auto kernel = test::kernel_of(KernelFault::causal_key_ahead);
  const auto found =
      diagnosed({answered(*kernel, causal_problem(DType::f32, 150, 2))}, kernel->info().contract);
  EXPECT_EQ(diagnosis_text(found).substr(0, 47), "causal mask one key too far, in every row: alph");
}

TEST(Diagnose, NamesAllEntriesWithTheSameResults) {
  const auto kernel = test::kernel_of(KernelFault::initial_max_flt_min);
  Problem p = causal_problem(DType::f32, 2, 1);
  p.scale = 1;
  p.q.assign({1, 1});
  p.k.assign({-200, -201});
  const std::string text = diagnosis_text(diagnosed({answered(*kernel, p)}, kernel->info().contract));
  EXPECT_NE(text.find("one of: "), std::string::npos) << text;
  EXPECT_NE(text.find("the running maximum starts at 0 instead of -inf"), std::string::npos) << text;
  EXPECT_NE(text.find("the running maximum starts at FLT_MIN instead of -inf"), std::string::npos) << text;
}

// What a kernel does at one head dim does not refute what it does not do at others.
TEST(DiagnoseInPart, FitsAFaultWithItsCondition) {
  const auto faulty = test::kernel_of(KernelFault::causal_key_ahead);
  const auto right = test::kernel_of(KernelFault::none);
  std::vector<Evidence> evidence;
  for (const std::int64_t dim : {8, 64, 128})
    evidence.push_back(answered(dim == 128 ? *faulty : *right, causal_problem(DType::f32, 150, dim)));
  const oracle::ContractSet contract = oracle::contract_for(faulty->info().contract, DType::f32, DType::f32);
  const std::vector<const oracle::ContractSet*> contracts(evidence.size(), &contract);
  EXPECT_TRUE(diagnose(evidence, contracts).empty());
  const auto found = diagnose_in_part(evidence, contracts);
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(diagnosis_text(found).substr(0, 69),
            "causal mask one key too far, in every row, only at head dim 128: alph");
  evidence[0] = answered(*faulty, causal_problem(DType::f32, 150, 8));
  EXPECT_TRUE(diagnose_in_part(evidence, contracts).empty()) << "wrong at 8 and 128, right at 64";
}

// What the signature's doubles lose must be far below the bound of a kernel that computes in doubles itself.
TEST(Diagnose, CertifiesFaultsInF64) {
  for (const KernelFault fault : {KernelFault::causal_key_ahead, KernelFault::rescale_skipped,
                                  KernelFault::rescale_numerator_skipped, KernelFault::exp_constant}) {
    const auto kernel = test::kernel_of(fault);
    const auto found =
        diagnosed({answered(*kernel, causal_problem(DType::f64, 40, 8))}, kernel->info().contract);
    ASSERT_FALSE(found.empty());
    EXPECT_EQ(found.front().hypothesis.fault, fault);
    EXPECT_TRUE(found.front().certified) << found.front().fault();
  }
}

// The filter alone would say alpha = 1.00: a thousandth of the signature is nothing to it, and proves that
// the kernel does something else.
TEST(Diagnose, DoesNotNameAFaultThatOneElementRefutes) {
  const auto kernel = test::kernel_of(KernelFault::causal_key_ahead);
  Evidence e = answered(*kernel, causal_problem(DType::f32, 24, 8));
  ASSERT_FALSE(diagnosed({e}, kernel->info().contract).empty());
  e.result.out.set({0, 0, 7, 3}, e.result.out.at({0, 0, 7, 3}) + 1e-3);
  const auto found = diagnosed({e}, kernel->info().contract);
  EXPECT_TRUE(found.empty()) << diagnosis_text(found);
}

// Sums in f16 depend on the last bits of what they add: the bound of such sums refutes, not the contract's.
TEST(Diagnose, RefutesNarrowSumsByTheBoundOfNarrowSums) {
  const auto kernel = test::kernel_of(KernelFault::accumulate_f16);
  Evidence e = answered(*kernel, causal_problem(DType::f32, 40, 8));
  const auto found = diagnosed({e}, kernel->info().contract);
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found.front().fault(), "accumulate_f16");
  e.result.out.set({0, 0, 30, 3}, e.result.out.at({0, 0, 30, 3}) + 1);
  EXPECT_TRUE(diagnosed({e}, kernel->info().contract).empty());
}

TEST(Diagnose, PrefersTheFaultThatExplainsMostFindings) {
  const auto tied = [](KernelFault fault, bool is_tied) {
    Diagnosis d{{fault, 0}, 1, 0};
    d.tied = is_tied;
    return d;
  };
  const auto a = KernelFault::nan_masked_tile;
  const auto b = KernelFault::empty_split_uninitialised;
  std::vector<Diagnosis> both{tied(a, true), tied(b, true)};
  std::vector<Diagnosis> one{tied(b, true), tied(a, false)};
  std::vector<Diagnosis> none;
  prefer_common({&both, &one, &none});
  EXPECT_EQ(both.front().hypothesis.fault, b);
  EXPECT_EQ(one.front().hypothesis.fault, b);
  std::vector<Diagnosis> clear{tied(a, true), tied(b, false)};
  prefer_common({&clear, &one, &one});
  EXPECT_EQ(clear.front().hypothesis.fault, a) << "what the evidence tells apart is not reordered";
}

TEST(Diagnose, SeesAFaultBelowTheRoundingOfEachElement) {
  // One more key among hundreds, in bf16 outputs: each row's change is lost in its rounding.
  const auto kernel = test::kernel_of(KernelFault::causal_key_ahead);
  Problem p = causal_problem(DType::bf16, 300, 16);
  p.scale *= 0.1;
  const Evidence e = answered(*kernel, p);
  const auto found = diagnosed({e}, "flash-bf16;key_block=16");
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found.front().fault(), "causal_key_ahead");
  EXPECT_NEAR(found.front().alpha, 1, 5 * found.front().sigma);
  EXPECT_GT(found.front().alpha, 10 * found.front().sigma);
}

TEST(Diagnose, TellsTheTileSize) {
  faulty::Arithmetic wide;
  wide.tile_keys = 64;
  const auto kernel = test::kernel_of(KernelFault::rescale_skipped, wide);
  const auto found = diagnosed({answered(*kernel, causal_problem(DType::f32, 140, 4))}, "f32");
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found.front().fault(), "rescale_skipped");
  EXPECT_EQ(found.front().hypothesis.tile, 64);
}

TEST(Diagnose, NamesNothingInACorrectKernel) {
  const auto kernel = test::kernel_of(KernelFault::none);
  for (const DType dtype : {DType::f32, DType::bf16}) {
    EXPECT_TRUE(
        diagnosed({answered(*kernel, causal_problem(dtype, 40, 8))}, kernel->info().contract).empty());
  }
}

TEST(Diagnose, SaysSoWhenItKnowsNoSuchFault) {
  const auto kernel = test::kernel_of(KernelFault::none);
  Evidence e = answered(*kernel, causal_problem(DType::f32, 40, 8));
  for (std::int64_t i = 0; i < 40; ++i) {
    for (std::int64_t c = 0; c < 8; ++c) {
      const double x = e.result.out.at({0, 0, i, c});
      e.result.out.set({0, 0, i, c}, x + 0.05 * std::cos(static_cast<double>(i * 8 + c)));
    }
  }
  const auto found = diagnosed({e}, kernel->info().contract);
  EXPECT_TRUE(found.empty()) << diagnosis_text(found);
  EXPECT_EQ(diagnosis_text(found), "none of the known faults");
}

// NaN in one channel of a value that only the wrong head reads.
TEST(Diagnose, FollowsANaNIntoItsChannel) {
  const auto kernel = test::kernel_of(KernelFault::head_by_kv_heads);
  Problem p;
  p.q = p.k = p.v = Tensor(DType::f32, {1, 2, 1, 3});
  p.q.assign({1, 2, 3, 4, 5, 6});
  p.k.assign({1, 2, 3, 4, 5, 6});
  p.v.assign({NAN, 1, 1, 1, 1, 1});
  p.scale = 1;
  const auto found = diagnosed({answered(*kernel, p)}, kernel->info().contract);
  ASSERT_FALSE(found.empty());
  EXPECT_TRUE(names(found, KernelFault::head_by_kv_heads)) << diagnosis_text(found);
}

// Scores of 1e9, exact but for the last bits of f32, decide nothing about a fault that other rows show.
TEST(Diagnose, LeavesRowsWhoseRoundingDecidesOutOfAlpha) {
  const auto kernel = test::kernel_of(KernelFault::causal_key_ahead);
  const Problem plain = causal_problem(DType::f32, 24, 8);
  Problem wild = plain;
  std::vector<double> values = plain.q.values();
  for (double& x : values) x *= 4e9;
  wild.q.assign(values);
  const auto found = diagnosed({answered(*kernel, plain), answered(*kernel, wild)}, kernel->info().contract);
  ASSERT_FALSE(found.empty());
  EXPECT_TRUE(names(found, KernelFault::causal_key_ahead)) << diagnosis_text(found);
  EXPECT_NEAR(found.front().alpha, 1, 1e-4);
}

// The last of many keys lies past 2^16 elements: one score of 7282 is wrong. The smaller the scores, the less
// of it is in the results. From some scale on it is too little for a search among all faults, and not for a
// fault that the kernel is known to have.
TEST(Diagnose, NeedsLessEvidenceForAFaultThatIsKnown) {
  const auto kernel = test::kernel_of(KernelFault::key_offset_16_bits);
  const oracle::ContractSet contract = oracle::contract_for(kernel->info().contract, DType::f16, DType::f16);
  const Hypothesis fault{KernelFault::key_offset_16_bits, 0};
  Problem p = long_keys(DType::f16, 7282, 9);
  std::vector<Evidence> evidence{answered(*kernel, p)};
  ASSERT_FALSE(diagnose(evidence, {&contract}, {fault}).empty());
  while (!diagnose(evidence, {&contract}, {fault}).empty()) {
    p.scale /= 1.5;
    evidence = {answered(*kernel, p)};
  }
  EXPECT_TRUE(names(diagnose(evidence, {&contract}, {fault}, kSigmasOfKnownFault), fault.fault));
  const auto right = test::kernel_of(KernelFault::none);
  EXPECT_TRUE(diagnose({answered(*right, p)}, {&contract}, {fault}, kSigmasOfKnownFault).empty());
}

}  // namespace
}  // namespace attest::faults
