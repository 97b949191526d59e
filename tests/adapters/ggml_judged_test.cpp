// Random problems of every feature stay within the bound of each variant's contract.
#include "ggml_support.hpp"
#include "oracle/contract/questions.hpp"

namespace attest::kernel {
namespace {

using testing_ggml::judge_outcome;
using testing_ggml::kernel_of;
using testing_ggml::randomize;
using testing_ggml::vector_of;

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine(seed) {}
  std::int64_t pick(std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(engine);
  }
  bool one_in(std::int64_t n) { return pick(1, n) == 1; }
  std::mt19937_64 engine;
};

Tensor score_tensor(Random& r, const Problem& p, DType dtype, double low, double high) {
  Tensor t(dtype, {r.one_in(2) ? 1 : p.batch(), r.one_in(2) ? 1 : p.q_heads(), r.one_in(3) ? 1 : p.q_len(),
                   p.kv_len()});
  std::vector<double> values(static_cast<std::size_t>(t.count()));
  for (double& x : values) x = r.one_in(5) ? low : high;
  t.assign(values);
  return t;
}

// max_bias 8: the slopes of 1, 2, 4 and 6 heads, as ggml.h's users have them.
std::vector<double> slopes_of(std::int64_t heads) {
  const auto slope = [](double exponent) {
    return static_cast<double>(static_cast<float>(std::exp2(exponent)));
  };
  if (heads == 1) return {slope(-8)};
  if (heads == 2) return {slope(-4), slope(-8)};
  if (heads == 4) return {slope(-2), slope(-4), slope(-6), slope(-8)};
  return {slope(-2), slope(-4), slope(-6), slope(-8), slope(-1), slope(-3)};
}

void add_features(Random& r, Problem& p) {
  p.causal = static_cast<Causal>(r.pick(0, 2));
  if (r.one_in(4)) p.window_left = r.pick(0, 6);
  if (r.one_in(6)) p.window_right = r.pick(0, 6);
  if (r.one_in(3)) p.mask = score_tensor(r, p, DType::u8, 0, 1);
  if (r.one_in(4)) p.bias = score_tensor(r, p, DType::f32, -HUGE_VAL, 0.5);
  if (!p.bias && r.one_in(3)) p.alibi_slopes = vector_of(slopes_of(p.q_heads()));
  // A softcap without anything masked is a finding of its own.
  if (p.causal == Causal::none && p.window_left < 0 && p.window_right < 0 && !p.mask && !p.bias &&
      !p.alibi_slopes)
    return;
  if (r.one_in(3)) p.softcap = static_cast<double>(r.pick(1, 5));
  if (r.one_in(4)) p.sink = vector_of(std::vector<double>(static_cast<std::size_t>(p.q_heads()), 0.25));
  if (r.one_in(4)) {
    std::vector<double> lens(static_cast<std::size_t>(p.batch()));
    for (double& n : lens) n = static_cast<double>(r.pick(0, p.kv_len()));
    p.kv_lens = vector_of(lens, DType::i32);
  }
}

Problem random_problem(Random& r, DType kv, KvStorages storage) {
  const std::int64_t kv_heads = r.pick(1, 2), group = r.one_in(3) ? 3 : r.pick(1, 2);
  const bool tiled = r.one_in(3);
  Problem p = testing_ggml::constant_problem(
      {r.pick(1, 3), kv_heads == 1 && group == 3 ? 4 : kv_heads * group, kv_heads,
       tiled ? r.pick(64, 70) : r.pick(1, 9), tiled ? r.pick(1, 140) : r.pick(1, 20), r.pick(1, 40),
       tiled ? 16 * r.pick(1, 2) : r.pick(1, 40)},
      0, kv);
  for (Tensor* t : {&p.q, &p.k, &p.v}) randomize(*t, r.engine);
  p.scale = 1 / std::sqrt(static_cast<double>(p.qk_dim()));
  add_features(r, p);
  return stored(std::move(p), storage);
}

void expect_within(const std::string& variant, DType kv, int problems = 60) {
  Kernel& kernel = kernel_of(variant);
  const KvStorages storage = oracle::kv_storage(oracle::contract_for(kernel.info().contract, DType::f32, kv));
  Random random(23);
  oracle::Tally tally;
  for (int n = 0; n < problems; ++n) {
    const Problem p = random_problem(random, kv, storage);
    ASSERT_EQ(why_invalid(p), "") << describe(p);
    const RunOutcome outcome = kernel.run(p, {});
    ASSERT_EQ(outcome.status, RunStatus::ok) << variant << " " << describe(p) << " " << outcome.detail;
    const oracle::Judgement judgement = judge_outcome(kernel, p, outcome);
    EXPECT_FALSE(judgement.violated()) << variant << " " << describe(p) << " got " << judgement.worst.got
                                       << " expected " << judgement.worst.expected;
    tally.merge(judgement.out);
  }
  EXPECT_GT(tally.within, 300 * problems) << variant;
  EXPECT_EQ(tally.violated + tally.out_of_range, 0) << variant;
}

TEST(GgmlJudged, EveryCpuLibraryStaysWithinItsContract) {
  for (const std::string& variant : ggml_adapter().variants) {
    if (variant == "f16") break;
    for (const DType kv : {DType::f32, DType::f16, DType::bf16}) expect_within(variant, kv, 12);
  }
}

TEST(GgmlJudged, EveryCacheStaysWithinItsContract) {
  for (const char* variant : {"f16", "bf16", "q8_0", "q4_0"}) expect_within(variant, DType::f32);
}

// K and V of every two types of a cache.
TEST(GgmlJudged, EveryPairOfTypesStaysWithinItsContract) {
  const std::vector<std::string> variants = ggml_adapter().named_variants;
  EXPECT_EQ(variants.size(), 76U);
  for (const std::string& variant : variants) expect_within(variant, DType::f32, 6);
}

TEST(GgmlJudged, TwoThreadsStayWithinTheirContractAndSplitLongRows) {
  expect_within("threads-2", DType::f32);
  Random random(5);
  Problem p = testing_ggml::constant_problem({1, 2, 1, 1, 700, 16, 16}, 0);
  for (Tensor* t : {&p.q, &p.k, &p.v}) randomize(*t, random.engine);
  Kernel& two = kernel_of("threads-2");
  const RunOutcome split = two.run(p, {});
  EXPECT_FALSE(judge_outcome(two, p, split).violated());
  EXPECT_NE(split.result.out.bytes(), kernel_of(testing_ggml::best_cpu()).run(p, {}).result.out.bytes());
}

TEST(GgmlJudged, AQuantisedQueryIsOutsideAContractThatConvertsNothing) {
  Random random(23);
  int violated = 0;
  for (int n = 0; n < 20; ++n) {
    const Problem p = random_problem(random, DType::f32, KvStorages::both(KvStorage::q8_0));
    const RunOutcome outcome = kernel_of("q8_0").run(p, {});
    ASSERT_EQ(outcome.status, RunStatus::ok);
    violated += oracle::judge(p, outcome.result,
                              oracle::contract_for("f32;division=reciprocal", DType::f32, DType::f32))
                    .violated();
  }
  EXPECT_GT(violated, 10);
}

}  // namespace
}  // namespace attest::kernel
