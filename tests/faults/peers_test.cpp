// Other suites' rules: each accepts the correct kernel and refuses a plain fault, and says of numbers what
// its sentence says.

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "check/fault_study/study_kernel.hpp"
#include "check/peers/peer_study.hpp"
#include "check/peers/problems.hpp"
#include "check/peers/verdict.hpp"

namespace attest::faults {
namespace {

using check::PeerLimits;
using check::PeerReference;
using check::PeerRule;
using check::PeerTest;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

std::vector<double> outputs(kernel::Kernel& kernel, const Problem& problem) {
  return kernel.run(problem, {}).result.out.values();
}

TEST(Peers, AcceptTheCorrectKernelAndRefuseZeros) {
  const faulty::Arithmetic plain;
  for (const PeerRule& rule : check::peer_rules()) {
    for (const DType dtype : {DType::f32, DType::f16, DType::bf16}) {
      if (!rule.limits(dtype)) continue;
      const Problem problem = check::peer_problem(rule, rule.shapes.front(), dtype, 1);
      ASSERT_EQ(why_invalid(problem), "") << rule.name;
      PeerReference reference = check::peer_reference(rule, problem);
      const auto correct = check::study_kernel("correct", plain);
      const std::vector<double> right = outputs(*correct, problem);
      reference.envelope = check::largest_error(right, reference.exact);
      EXPECT_TRUE(check::accepts(rule, problem, reference, right)) << rule.name << " " << name_of(dtype);
      const auto zeros = check::study_kernel(entry_of(KernelFault::zeros));
      EXPECT_FALSE(check::accepts(rule, problem, reference, outputs(*zeros, problem)))
          << rule.name << " " << name_of(dtype);
    }
  }
}

TEST(Peers, DrawValidProblemsThatTheSeedDecides) {
  for (const PeerRule& rule : check::peer_rules()) {
    for (const std::string_view shape : rule.shapes) {
      const Problem a = check::peer_problem(rule, shape, DType::f32, 1);
      EXPECT_EQ(why_invalid(a), "") << rule.name << " " << shape;
      if (shape != rule.shapes.front()) continue;
      EXPECT_EQ(a.q.values(), check::peer_problem(rule, shape, DType::f32, 1).q.values());
      EXPECT_NE(a.q.values(), check::peer_problem(rule, shape, DType::f32, 2).q.values());
    }
  }
  EXPECT_THROW(check::peer_problem(check::peer_rules()[0], "b1 h1 q1 k1 d1 ring", DType::f32, 1),
               std::invalid_argument);
}

TEST(Peers, ScaleTheQueryByTheSoftcapWhereTheirSuiteDoes) {
  PeerRule rule = check::peer_rules()[0];
  const auto query = [&](std::string_view shape) {
    return check::peer_problem(rule, shape, DType::f64, 1).q.values();
  };
  const std::string_view plain = "b1 h1 q2 k2 d3", capped = "b1 h1 q2 k2 d3 softcap=5";
  ASSERT_EQ(rule.inputs.query_per_softcap, 1);
  const std::vector<double> scaled = query(capped), unscaled = query(plain);
  rule.inputs.query_per_softcap = 0;
  const std::vector<double> capped_only = query(capped);
  EXPECT_EQ(query(plain), unscaled);
  for (std::size_t at = 0; at < scaled.size(); ++at) EXPECT_EQ(scaled[at], 5 * capped_only[at]);
}

TEST(Peers, GiveAWindowWhoseLimitsTheShapeNames) {
  const Problem p = check::peer_problem(check::peer_rules()[0], "b1 h1 q9 k9 d2 window=4:0", DType::f32, 1);
  EXPECT_EQ(p.window_left, 4);
  EXPECT_EQ(p.window_right, 0);
}

// A rule on two outputs whose exact values are 1 and -2, in f32.
bool accepted(PeerTest test, const PeerLimits& limits, const std::vector<double>& got,
              double unfused_error = 0, double envelope = 0, double softcap = 0) {
  PeerRule rule;
  rule.test = test;
  rule.f32 = limits;
  Problem problem;
  problem.q = Tensor(DType::f32, {1, 1, 1, 1});
  problem.softcap = softcap;
  PeerReference reference{.exact = {1, -2}, .unfused = {1 + unfused_error, -2}, .envelope = envelope};
  return check::accepts(rule, problem, reference, got);
}

TEST(Peers, JudgeAsTheirSentencesSay) {
  EXPECT_TRUE(accepted(PeerTest::close, {0.25, 0.125}, {1.375, -2.5}));
  EXPECT_FALSE(accepted(PeerTest::close, {0.25, 0.125}, {1.376, -2}));
  EXPECT_TRUE(accepted(PeerTest::twice_unfused, {}, {1, -2.5}, 0.25));
  EXPECT_FALSE(accepted(PeerTest::twice_unfused, {}, {1, -2.51}, 0.25));
  EXPECT_TRUE(accepted(PeerTest::four_unfused, {0.25}, {1, -2.25}, 0.03));
  EXPECT_TRUE(accepted(PeerTest::four_unfused, {0.25}, {1, -3}, 0.25));
  EXPECT_FALSE(accepted(PeerTest::four_unfused, {0.25}, {1, -3.01}, 0.25));
  EXPECT_TRUE(accepted(PeerTest::mean_square, {0.05}, {1.5, -2}));
  EXPECT_FALSE(accepted(PeerTest::mean_square, {0.05}, {1.51, -2}));
  EXPECT_TRUE(accepted(PeerTest::max_and_mean, {0.5, 0.25}, {1.25, -2}));
  EXPECT_FALSE(accepted(PeerTest::max_and_mean, {0.5, 0.25}, {1.375, -2.375}));
  EXPECT_FALSE(accepted(PeerTest::max_and_mean, {0.5, 0.375}, {1.5, -2}));
  EXPECT_TRUE(accepted(PeerTest::envelope, {1.5}, {1.375, -2}, 0, 0.25));
  EXPECT_FALSE(accepted(PeerTest::envelope, {1.5}, {1.376, -2}, 0, 0.25));
}

// 1.3 - 0.3 and -1.7 - 0.3 in f32 are at most an ulp of 2 from where they began.
TEST(Peers, AllowWhatAddingDoesToTheReference) {
  const double ulp = 0x1p-22;
  EXPECT_TRUE(accepted(PeerTest::twice_unfused_and_rounding, {}, {1, -2.5}, 0.25));
  EXPECT_FALSE(accepted(PeerTest::twice_unfused_and_rounding, {}, {1, -2.5 - 3 * ulp}, 0.25));
  EXPECT_TRUE(accepted(PeerTest::twice_unfused_and_rounding, {}, {1, -2.75}, 0.25, 0, 15));
  EXPECT_FALSE(accepted(PeerTest::twice_unfused_and_rounding, {}, {1, -2.75 - 3 * ulp}, 0.25, 0, 15));
}

TEST(Peers, NeverAcceptNaN) {
  for (const PeerTest test :
       {PeerTest::close, PeerTest::twice_unfused, PeerTest::twice_unfused_and_rounding,
        PeerTest::four_unfused, PeerTest::mean_square, PeerTest::max_and_mean, PeerTest::envelope}) {
    EXPECT_FALSE(accepted(test, {1e9, 1e9}, {kNan, -2}, 1e9, 1e9)) << static_cast<int>(test);
    EXPECT_FALSE(accepted(test, {1e9, 1e9}, {1, kNan}, 1e9, 1e9)) << static_cast<int>(test);
  }
}

// The kernel that a tolerance of 1e-2 lets pass, the one that it does not, and a correct one.
TEST(Peers, AreComparedWithAttestInOneStudy) {
  PeerRule loose = check::peer_rules()[0];
  loose.test = PeerTest::close;
  loose.f32 = PeerLimits{1e-2, 1e-2};
  loose.f16 = loose.bf16 = {};
  loose.shapes = {"b1 h1 q8 k8 d16"};
  PeerRule enveloped = loose;
  enveloped.test = PeerTest::envelope;
  enveloped.f32 = PeerLimits{1.5};
  check::StudyOptions options;
  options.names = {"zeros", "score_rounded_f16", "tile_7"};
  options.dtypes = {DType::f32, DType::f64};
  options.effort = check::Effort::quick;
  options.control_cases = 30;
  const check::PeerStudy study = check::run_peer_study(options, {loose, enveloped});
  ASSERT_EQ(study.rows.size(), 3U);
  EXPECT_EQ(study.accepted(0, false).accepted, 1);
  EXPECT_EQ(study.accepted(0, false).of, 2);
  EXPECT_EQ(study.accepted(0, true).accepted, 1);
  EXPECT_EQ(study.accepted(1, false).accepted, 1) << "some controls are as narrow as scores in f16";
  EXPECT_EQ(study.accepted(1, true).accepted, 1);
  EXPECT_EQ(study.accepted_by_attest(false).accepted, 0);
  EXPECT_EQ(study.accepted_by_attest(true).accepted, 1);
  for (const check::PeerRow& row : study.rows) EXPECT_EQ(row.accepts[0], row.name != "zeros") << row.name;
}

TEST(Peers, RefuseNamesAndTypesThatTheyDoNotExamine) {
  check::StudyOptions options;
  for (const char* name : {"no_such_fault", "narrow_decode"}) {
    options.names = {"zeros", name};
    EXPECT_THROW(check::run_peer_study(options, {}), std::invalid_argument) << name;
  }
  options.names = {"zeros"};
  options.dtypes = {DType::f64};
  EXPECT_THROW(check::run_peer_study(options, {}), std::invalid_argument);
}

}  // namespace
}  // namespace attest::faults
