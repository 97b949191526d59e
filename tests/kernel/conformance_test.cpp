// The kernels that are meant to be right keep the contracts they declare, and each planted fault breaks them.
#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "oracle/contract/contract.hpp"
#include "oracle/judge/judge.hpp"
#include "problems.hpp"

namespace attest::kernel {
namespace {

using namespace testing_kernels;

std::int64_t pick(std::mt19937_64& random, std::int64_t low, std::int64_t high) {
  return std::uniform_int_distribution<std::int64_t>(low, high)(random);
}

Tensor bits(std::mt19937_64& random, std::vector<std::int64_t> shape) {
  Tensor tensor(DType::u8, std::move(shape));
  for (std::byte& byte : tensor.bytes()) byte = static_cast<std::byte>(random() % 4 != 0);
  return tensor;
}

// What every kernel of this file supports.
Problem plain_problem(DType dtype, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const std::int64_t kv_heads = pick(random, 1, 2);
  Shape shape{.batch = pick(random, 0, 2), .q_heads = kv_heads * pick(random, 1, 3), .kv_heads = kv_heads};
  shape.q_len = pick(random, 0, 9);
  shape.kv_len = random() % 4 == 0 ? pick(random, 0, 3) : pick(random, 4, 150);
  shape.qk_dim = pick(random, 1, 9);
  shape.v_dim = pick(random, 1, 9);
  Problem p = make_problem(dtype, shape, seed);
  p.scale = std::exp2(static_cast<double>(pick(random, -2, 3)));
  p.causal = static_cast<Causal>(pick(random, 0, 2));
  if (random() % 3 == 0) p.window_left = pick(random, 0, 70);
  if (random() % 3 == 0) p.window_right = pick(random, 0, 70);
  if (random() % 8 == 0) p.window_left = std::numeric_limits<std::int64_t>::max();
  if (random() % 3 == 0) {
    p.kv_lens = Tensor(DType::i32, {shape.batch});
    for (std::int64_t b = 0; b < shape.batch; ++b) {
      p.kv_lens->set({b}, static_cast<double>(pick(random, 0, shape.kv_len)));
    }
  }
  if (random() % 3 == 0) {
    p.mask = bits(random, {random() % 2 != 0 ? 1 : shape.batch, random() % 2 != 0 ? 1 : shape.q_heads,
                           random() % 2 != 0 ? 1 : shape.q_len, shape.kv_len});
  }
  return p;
}

// The rest of the ABI's features.
Problem full_problem(DType dtype, std::uint64_t seed, bool softcap) {
  std::mt19937_64 random(~seed);
  Problem p = plain_problem(dtype, seed);
  if (random() % 2 != 0) {
    p.bias = Tensor(DType::f32, {1, p.q_heads(), p.q_len(), p.kv_len()});
    fill(*p.bias, random);
    if (p.bias->count() > 0) p.bias->set({0, 0, 0, 0}, -HUGE_VAL);
  }
  if (random() % 2 != 0) fill(p.alibi_slopes.emplace(DType::f32, std::vector{p.q_heads()}), random);
  if (random() % 2 != 0) fill(p.sink.emplace(DType::f32, std::vector{p.q_heads()}), random);
  if (random() % 4 == 0 && p.sink) p.sink->set({0}, -HUGE_VAL);
  if (softcap && random() % 2 != 0) p.softcap = 1.5;
  return p;
}

struct Count {
  std::int64_t cases = 0, within = 0, violated = 0;
};

void judge_case(Kernel& kernel, const Problem& problem, Count& count) {
  ASSERT_EQ(why_invalid(problem), "");
  const RunOutcome outcome = kernel.run(problem, {});
  ASSERT_EQ(outcome.status, RunStatus::ok) << outcome.detail << " on " << describe(problem);
  const oracle::ContractSet contract =
      oracle::contract_for(kernel.info().contract, problem.q.dtype(), problem.k.dtype());
  EXPECT_TRUE(contract.declared);
  const oracle::Judgement judgement = oracle::judge(problem, outcome.result, contract);
  ++count.cases;
  count.within += judgement.out.within + judgement.lse.within;
  count.violated += judgement.out.violated + judgement.lse.violated;
}

constexpr int kCases = 150;

void expect_conforming(const std::string& spec, std::initializer_list<DType> dtypes,
                       const std::function<Problem(DType, std::uint64_t)>& generate) {
  const auto kernel = open_kernel(spec);
  Count count;
  for (const DType dtype : dtypes) {
    for (std::uint64_t seed = 1; seed <= kCases; ++seed) {
      const Problem problem = generate(dtype, seed);
      const std::int64_t before = count.violated;
      ASSERT_NO_FATAL_FAILURE(judge_case(*kernel, problem, count));
      ASSERT_EQ(count.violated, before) << spec << " on " << describe(problem) << ", seed " << seed;
    }
  }
  EXPECT_GT(count.within, 20 * count.cases) << "hardly anything was judged";
}

TEST(Conformance, OfTheTiledTestKernel) {
  expect_conforming(library("tiled.so:correct"), {DType::f32, DType::f16, DType::bf16}, plain_problem);
}

TEST(Conformance, OfTheNaiveExampleWithEveryFeature) {
  expect_conforming(EXAMPLE_NAIVE, {DType::f32},
                    [](DType dtype, std::uint64_t seed) { return full_problem(dtype, seed, true); });
}

TEST(Conformance, OfTheFlashExampleWithEveryFeatureButSoftcap) {
  expect_conforming(EXAMPLE_FLASH, {DType::f32, DType::f16, DType::bf16},
                    [](DType dtype, std::uint64_t seed) { return full_problem(dtype, seed, false); });
}

TEST(Conformance, IsDeclinedWhereAnExampleLacksAFeature) {
  Problem softcap = make_problem(DType::f32, {});
  softcap.softcap = 2;
  EXPECT_EQ(open_kernel(EXAMPLE_FLASH)->run(softcap, {}).status, RunStatus::unsupported);
  EXPECT_EQ(open_kernel(EXAMPLE_NAIVE)->run(make_problem(DType::bf16, {}), {}).status,
            RunStatus::unsupported);
  Problem mixed = make_problem(DType::f32, {});
  mixed.q = make_problem(DType::f16, {}).q;
  for (const std::string spec : {EXAMPLE_FLASH, EXAMPLE_NAIVE}) {
    EXPECT_EQ(open_kernel(spec)->run(mixed, {}).status, RunStatus::unsupported);
  }
  EXPECT_EQ(run("tiled.so:correct", mixed).status, RunStatus::unsupported);
}

TEST(Conformance, IsBrokenByEachPlantedFaultInEveryType) {
  for (const std::string fault : {"mask_one_key_too_far", "rescale_missing", "nan_on_empty_row"}) {
    const auto kernel = open_kernel(library("tiled.so:" + fault));
    for (const DType dtype : {DType::f32, DType::f16, DType::bf16}) {
      Count count;
      for (std::uint64_t seed = 1; seed <= kCases; ++seed) {
        ASSERT_NO_FATAL_FAILURE(judge_case(*kernel, plain_problem(dtype, seed), count));
      }
      EXPECT_GT(count.violated, 0) << fault << " in " << name_of(dtype);
    }
  }
}

}  // namespace
}  // namespace attest::kernel
