// The peers compute the attention that the oracle certifies: otherwise their times compare nothing.
#include "peers.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "dense_head.hpp"
#include "numpy_peer.hpp"
#include "oracle/judge/judge.hpp"
#include "oracle/tiers/references.hpp"
#include "oracle_problems.hpp"

namespace attest::bench {
namespace {

// o and then lse, to 2^-100 or so.
std::vector<oracle::Known> exact(const oracle::Row& row) {
  const oracle::RowFacts facts = oracle::reference_interval(row, 128);
  std::vector<oracle::Known> values = facts.out;
  values.push_back(facts.lse);
  return values;
}

TEST(Peers, MpfrIsRightToADouble) {
  for (const oracle::Row& row : some_rows(causal_head(96, 24), 4)) {
    const std::vector<double> got = mpfr_row(row, 106);
    const std::vector<oracle::Known> expected = exact(row);
    ASSERT_EQ(got.size(), expected.size());
    for (std::size_t c = 0; c < got.size(); ++c) {
      EXPECT_LE(std::fabs((got[c] - expected[c].hi) - expected[c].lo), std::fabs(expected[c].hi) * 0x1p-52);
    }
  }
}

TEST(Peers, ArbsBallsEncloseAndAreAsNarrowAsTheirPrecision) {
  for (const long bits : {53L, 106L}) {
    for (const oracle::Row& row : some_rows(causal_head(96, 24), 4)) {
      const std::vector<Ball> got = arb_row(row, bits);
      const std::vector<oracle::Known> expected = exact(row);
      ASSERT_EQ(got.size(), expected.size());
      for (std::size_t c = 0; c < got.size(); ++c) {
        EXPECT_LE(std::fabs((got[c].middle - expected[c].hi) - expected[c].lo),
                  got[c].radius * (1 + 0x1p-40));
        EXPECT_LE(got[c].radius, bits == 53 ? 1e-12 : 1e-15);
      }
    }
  }
}

// Of its gradient properties/dense says more, on problems of the size of a test.
TEST(Peers, TheDenseFormIsCertified) {
  const Problem problem = causal_head(96, 24);
  const oracle::ContractSet contract = oracle::contract_for("f32;unfused=true", DType::f32, DType::f32);
  const auto f32 = oracle::judge(
      problem, dense_result(problem, attention::dense::attend(dense_inputs_of<float>(problem))), contract);
  const auto f64 = oracle::judge(
      problem, dense_result(problem, attention::dense::attend(dense_inputs_of<double>(problem))), contract);
  for (const oracle::Judgement& judgement : {f32, f64}) {
    EXPECT_EQ(judgement.out.within, judgement.out.total());
    EXPECT_EQ(judgement.lse.within, judgement.lse.total());
  }
}

TEST(Peers, NumpysFormsAgreeWithPlainLoops) {
  EXPECT_TRUE(numpy_is_right());
  const NumpyRun run = run_numpy("full", 32, 32, 16, 1);
  EXPECT_EQ(run.failure, "");
  EXPECT_GT(run.processor, 0);
  EXPECT_NE(run_numpy("no-such-form", 8, 8, 8, 1).failure, "");
}

}  // namespace
}  // namespace attest::bench
