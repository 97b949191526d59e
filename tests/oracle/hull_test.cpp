// What holds whatever the errors of the scores: outputs are means of the visible values.
#include <cmath>
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "oracle/judge/judge.hpp"

namespace attest::oracle {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// One row whose keys all hold `element` in each of `depth` channels, as the query does.
Problem equal_scores(DType dtype, std::vector<double> values, double element, std::int64_t depth = 64) {
  const auto keys = static_cast<std::int64_t>(values.size());
  Problem p;
  p.q = Tensor(dtype, {1, 1, 1, depth});
  p.k = Tensor(dtype, {1, 1, keys, depth});
  p.v = Tensor(dtype, {1, 1, keys, 1});
  p.q.assign(std::vector<double>(static_cast<std::size_t>(depth), element));
  p.k.assign(std::vector<double>(static_cast<std::size_t>(keys * depth), element));
  p.v.assign(values);
  p.scale = 1 / std::sqrt(static_cast<double>(depth));
  return p;
}

Judgement judged(const Problem& p, double out, const std::string& contract,
                 std::optional<double> lse = std::nullopt) {
  Result r;
  r.out = Tensor(p.q.dtype(), {1, 1, 1, 1});
  r.out.assign({out});
  if (lse) {
    r.lse = Tensor(p.lse_dtype(), {1, 1, 1});
    r.lse->assign({*lse});
  }
  return judge(p, r, contract_for(contract, p.q.dtype(), p.k.dtype()));
}

void expect_one(const Tally& tally, Standing standing, const std::string& what) {
  EXPECT_EQ(tally.within, standing == Standing::within ? 1 : 0) << what;
  EXPECT_EQ(tally.violated, standing == Standing::violated ? 1 : 0) << what;
  EXPECT_EQ(tally.out_of_range, standing == Standing::out_of_range ? 1 : 0) << what;
  EXPECT_EQ(tally.uninformative, standing == Standing::uninformative ? 1 : 0) << what;
}

TEST(Hull, OfZerosLeavesOnlyUnderflow) {
  const Problem p = equal_scores(DType::f32, {0, 0, 0}, 1);
  expect_one(judged(p, 0, "f32").out, Standing::within, "0");
  expect_one(judged(p, 1e-30, "f32").out, Standing::violated, "1e-30");
  EXPECT_LT(judged(p, 1e-30, "f32").violations.front().bound, 1e-43);
  const Problem half = equal_scores(DType::f16, {0, 0, 0}, 1);
  expect_one(judged(half, 0, "").out, Standing::within, "0 in f16");
  expect_one(judged(half, 1e-6, "").out, Standing::violated, "1e-6 in f16");
}

// The score is 133120^2 * 8 = 1.4e11, exact in neither f32 nor bf16, and the result is the value.
TEST(Hull, OfOneKeyIsItsValueHoweverLargeTheScore) {
  for (const auto& [dtype, contract] : {std::pair{DType::bf16, "flash-bf16"},
                                        {DType::bf16, ""},
                                        {DType::bf16, "unfused-bf16"},
                                        {DType::f32, "f32"},
                                        {DType::f32, "f32;score_shift=folded"},
                                        {DType::f32, "f32;splits=3"},
                                        {DType::f64, "f64"}}) {
    const Problem p = equal_scores(dtype, {0.75}, 133120);
    const std::string what = std::string(name_of(dtype)) + " " + contract;
    expect_one(judged(p, 0.75, contract).out, Standing::within, what);
    expect_one(judged(p, 0.75 * (1 + 0x1p-5), contract).out, Standing::violated, what);
    for (const double bad : {kNaN, HUGE_VAL, -HUGE_VAL})
      expect_one(judged(p, bad, contract).out, Standing::violated, what);
  }
}

TEST(Hull, OfOneKeyHoldsAtEverySizeOfScore) {
  for (double element = 8; element < 4e5; element *= 3) {
    const Problem p = equal_scores(DType::f32, {0.3}, element);
    const double v = p.v.at({0, 0, 0, 0});
    expect_one(judged(p, v, "f32").out, Standing::within, std::to_string(element));
    expect_one(judged(p, v * (1 + 1e-6), "f32").out, Standing::violated, std::to_string(element));
  }
}

// A shift that is rounded apart from the scores may be off by 2^-24 of 1.4e11, which exp does not survive;
// where scores are small it is off by little.
TEST(Hull, LetsAShiftThatIsRoundedApartOverflow) {
  const char* contract = "flash-bf16;score_shift.rounded=true";
  const Problem large = equal_scores(DType::bf16, {0.75}, 133120);
  expect_one(judged(large, kNaN, contract).out, Standing::out_of_range, "large scores");
  const Problem small = equal_scores(DType::bf16, {0.75}, 1024);  // 8.4e6: off by half a nat
  expect_one(judged(small, 0.75, contract).out, Standing::within, "small scores");
  expect_one(judged(small, kNaN, contract).out, Standing::violated, "small scores");
}

TEST(Hull, LetsALazyShiftOverflow) {
  const Problem p = equal_scores(DType::f32, {0.75}, 133120);
  expect_one(judged(p, kNaN, "f32;tau=8").out, Standing::violated, "exp(8) is finite");
  expect_one(judged(p, kNaN, "f32;tau=100").out, Standing::out_of_range, "exp(100) is not");
}

TEST(Hull, LetsSplitsMergedByLseOverflow) {
  const Problem p = equal_scores(DType::f32, {0.75}, 133120);
  EXPECT_EQ(judged(p, kNaN, "f32;splits=3;merge=lse").out.violated, 0) << "exp(lse_i - lse) may overflow";
  const Problem small = equal_scores(DType::f32, {0.75}, 128);
  expect_one(judged(small, kNaN, "f32;splits=3;merge=lse").out, Standing::violated, "small scores");
}

TEST(Hull, OfEqualValuesIsTheirValue) {
  const Problem p = equal_scores(DType::f32, {2.5, 2.5, 2.5, 2.5}, 133120);
  expect_one(judged(p, 2.5, "f32").out, Standing::within, "2.5");
  expect_one(judged(p, 2.50001, "f32").out, Standing::violated, "2.50001");
}

// Scores may be off by thousands of nats, so that any mean of the values is right and nothing else is.
TEST(Hull, OfOtherValuesIsAllThatIsKnown) {
  const Problem p = equal_scores(DType::f32, {-1, 2, 3}, 133120);
  for (const double inside : {-1.0, 0.0, 3.0})
    expect_one(judged(p, inside, "f32").out, Standing::uninformative, std::to_string(inside));
  for (const double beyond : {-1.00001, 3.00001, kNaN})
    expect_one(judged(p, beyond, "f32").out, Standing::violated, std::to_string(beyond));
}

TEST(Hull, HoldsTheZeroOfASink) {
  Problem p = equal_scores(DType::f32, {2}, 133120);
  p.sink = Tensor(DType::f32, {1});
  p.sink->assign({1.4e11});
  for (const double inside : {0.0, 1.0, 2.0}) EXPECT_EQ(judged(p, inside, "f32").out.violated, 0) << inside;
  for (const double beyond : {-1e-5, 2.00001, kNaN})
    EXPECT_EQ(judged(p, beyond, "f32").out.violated, 1) << beyond;
  EXPECT_EQ(judged(p, kNaN, "f32;sink_in_max=false").out.violated, 0) << "exp(sink - max) may overflow";
}

TEST(Hull, AsksForAnLseThatIsANumber) {
  const Problem p = equal_scores(DType::f32, {0.75}, 133120);
  const double score = 133120.0 * 133120.0 * 8;
  expect_one(judged(p, 0.75, "f32", score).lse, Standing::uninformative, "the score");
  for (const double bad : {kNaN, HUGE_VAL, -HUGE_VAL})
    expect_one(judged(p, 0.75, "f32", bad).lse, Standing::violated, std::to_string(bad));
}

TEST(Hull, IsNotKnownWhereScoresMayOverflow) {
  Problem p = equal_scores(DType::f32, {0.75}, 1e20);
  expect_one(judged(p, kNaN, "f32", kNaN).out, Standing::out_of_range, "1e40");
}

TEST(Hull, IsNotKnownWhereOutputsMayOverflow) {
  const Problem p = equal_scores(DType::f16, {65504, 65504}, 16);
  EXPECT_EQ(judged(p, HUGE_VAL, "").out.violated, 0);
  const Problem less = equal_scores(DType::f16, {60000, 60000}, 16);
  EXPECT_EQ(judged(less, HUGE_VAL, "").out.violated, 1);
}

}  // namespace
}  // namespace attest::oracle
