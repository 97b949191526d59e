// A judgement that is kept equals one made anew, for that call and for no other.
#include "oracle/judge/judgement_memo.hpp"

#include <functional>
#include <vector>

#include <gtest/gtest.h>

#include "blocked_problems.hpp"

namespace attest::oracle {
namespace {

// While one exists, the process keeps judgements.
struct Keeping {
  explicit Keeping(std::size_t bytes = std::size_t{16} << 20) { judgement_memo().limit(bytes); }
  Keeping(const Keeping&) = delete;
  Keeping& operator=(const Keeping&) = delete;
  ~Keeping() { judgement_memo().limit(0); }
};

Problem small() {
  Problem p;
  p.q = Tensor(DType::f32, {1, 2, 3, 4});
  p.k = Tensor(DType::f32, {1, 1, 5, 4});
  p.v = Tensor(DType::f32, {1, 1, 5, 2});
  p.v.set({0, 0, 1, 1}, 3);
  return p;
}

Result zeros(const Problem& p) {
  return {Tensor(p.q.dtype(), p.out_shape()), Tensor(p.lse_dtype(), p.lse_shape())};
}

const ContractSet& f32() {
  static const ContractSet contract = contract_for("f32", DType::f32, DType::f32);
  return contract;
}

TEST(JudgementMemo, AResultThatComesAgainIsJudgedOnce) {
  const Problem p = small();
  const Judgement fresh = judge(p, zeros(p), f32());
  const Keeping keeping;
  const Judgement first = judge(p, zeros(p), f32());
  const JudgementMemo::Shared kept = judgement_memo().find(fingerprint_of(p, zeros(p), f32(), {}));
  ASSERT_TRUE(kept);
  for (const Judgement& judged : {first, *kept, judge(p, zeros(p), f32())}) {
    EXPECT_EQ(judged.out.violated, fresh.out.violated);
    EXPECT_EQ(judged.lse.violated, fresh.lse.violated);
    EXPECT_EQ(judged.violations.size(), fresh.violations.size());
    EXPECT_EQ(judged.worst.ratio, fresh.worst.ratio);
    EXPECT_EQ(judged.out.total(), fresh.out.total());
  }
  EXPECT_GT(fresh.out.violated, 0);
}

TEST(JudgementMemo, NothingIsKeptUnlessAsked) {
  const Problem p = small();
  judge(p, zeros(p), f32());
  EXPECT_FALSE(judgement_memo().find(fingerprint_of(p, zeros(p), f32(), {})));
}

TEST(JudgementMemo, EveryMemberOfAProblemCounts) {
  const Fingerprint plain = fingerprint_of(small(), zeros(small()), f32(), {});
  const Tensor floats(DType::f32, {2});
  const std::vector<std::function<void(Problem&)>> changes{
      [](Problem& p) {
        p.q.set({0, 1, 2, 3}, 1e-30);
      },
      [](Problem& p) {
        p.k.set({0, 0, 4, 3}, 1);
      },
      [](Problem& p) {
        p.v.set({0, 0, 1, 1}, 2);
      },
      [](Problem& p) { p.v = p.k; },
      [](Problem& p) { p.scale = 2; },
      [](Problem& p) { p.causal = Causal::top_left; },
      [](Problem& p) { p.window_left = 1; },
      [](Problem& p) { p.window_right = 1; },
      [](Problem& p) { p.softcap = 1; },
      [](Problem& p) {
        p.bias = Tensor(DType::f32, {1, 1, 1, 5});
      },
      [](Problem& p) {
        p.mask = Tensor(DType::u8, {1, 1, 1, 5});
      },
      [&](Problem& p) { p.alibi_slopes = floats; },
      [&](Problem& p) { p.sink = floats; },
      [](Problem& p) { p.kv_lens = Tensor(DType::i32, {1}); },
      [](Problem& p) { p.want_lse = false; },
      [](Problem& p) {
        p.out_strides = {24, 12, 4, 2};
      },
      [](Problem& p) {
        p.lse_strides = {12, 6, 2};
      },
      [](Problem& p) { p.q_is_k = true; },
      [](Problem& p) { p.k_is_v = true; }};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    Problem p = small();
    changes[i](p);
    EXPECT_NE(fingerprint_of(p, zeros(small()), f32(), {}), plain) << i;
  }
}

TEST(JudgementMemo, ResultContractAndOptionsCount) {
  const Problem p = small();
  const Fingerprint plain = fingerprint_of(p, zeros(p), f32(), {});
  Result other = zeros(p);
  other.out.set({0, 1, 2, 1}, 0x1p-149);
  EXPECT_NE(fingerprint_of(p, other, f32(), {}), plain);
  other = zeros(p);
  other.lse.reset();
  EXPECT_NE(fingerprint_of(p, other, f32(), {}), plain);
  const ContractSet splits = contract_for("f32;splits=2", DType::f32, DType::f32);
  EXPECT_NE(fingerprint_of(p, zeros(p), splits, {}), plain);
  EXPECT_NE(fingerprint_of(p, zeros(p), f32(), {.max_violations = 1}), plain);
  EXPECT_NE(fingerprint_of(p, zeros(p), f32(), {.suspicious_rows = 1}), plain);
  EXPECT_NE(fingerprint_of(p, zeros(p), f32(), {.sample = RowSample{1, 0}}), plain);
  EXPECT_EQ(fingerprint_of(p, zeros(p), f32(), {.jobs = 2}), plain);
}

TEST(JudgementMemo, ForgetsWhatIsOldBeyondItsLimit) {
  const Keeping keeping(std::size_t{1} << 20);
  const Problem p = small();
  const auto key_of = [&](std::size_t most) {
    return fingerprint_of(p, zeros(p), f32(), {.max_violations = most});
  };
  for (std::size_t most = 0; most < 400; ++most) judge(p, zeros(p), f32(), {.max_violations = most});
  EXPECT_FALSE(judgement_memo().find(key_of(0)));
  EXPECT_TRUE(judgement_memo().find(key_of(399)));
}

}  // namespace
}  // namespace attest::oracle
