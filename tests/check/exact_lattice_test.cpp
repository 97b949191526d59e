// Inputs for which every correct kernel returns the same bits: scores of 0 together with keys that are far
// behind, with queries that are not 0.

#include <cmath>
#include <optional>

#include <gtest/gtest.h>

#include "check/generate/families.hpp"
#include "laws/evaluate.hpp"
#include "scripted_kernel.hpp"

namespace attest::check {
namespace {

// Two keys of score 0 and one far behind; `far` is its score.
Problem two_and_one(double far, DType dtype = DType::f32) {
  Problem p;
  p.q = Tensor(dtype, {1, 1, 1, 2});
  p.k = Tensor(dtype, {1, 1, 3, 2});
  p.v = Tensor(dtype, {1, 1, 3, 1});
  p.q.assign({1, 1});
  p.k.assign({far / 2, far / 2, 0, 0, 0, 0});
  p.v.assign({9, 1, 2});
  return p;
}

std::string why_not(const Problem& p, const std::string& contract) {
  return laws::find_law("uniform")->why_not(p, oracle::contract_for(contract, p.q.dtype(), p.k.dtype()));
}

TEST(ExactLattice, WantsTheOthersFarEnoughBehind) {
  EXPECT_EQ(why_not(two_and_one(-1100), "f32"), "");
  EXPECT_NE(why_not(two_and_one(-1000), "f32"), "");
  EXPECT_EQ(why_not(two_and_one(-1040), "f32"), "");
  EXPECT_NE(why_not(two_and_one(-1040, DType::bf16), "unfused-bf16"), "") << "scores are stored in 8 bits";
  EXPECT_EQ(why_not(two_and_one(-2048, DType::bf16), "unfused-bf16"), "");
  EXPECT_NE(why_not(two_and_one(1100), "f32"), "");
  EXPECT_NE(why_not(two_and_one(-1e38), "f32"), "") << "a score may overflow";
}

laws::LawOutcome put(kernel::Kernel& kernel, const Problem& p, const std::string& contract) {
  const oracle::ContractSet set = oracle::contract_for(contract, p.q.dtype(), p.k.dtype());
  laws::Subject subject(kernel, p, set, {});
  return laws::evaluate(*laws::find_law("uniform"), subject);
}

TEST(ExactLattice, AnAbsoluteErrorOfTheExponentialIsAllowedBesideValuesOf1) {
  test::ScriptedKernel kernel([](const Problem&, const kernel::RunOptions&) { return std::nullopt; });
  kernel.after = [](const Problem&, kernel::RunOutcome& outcome) {
    outcome.result.out.set({0, 0, 0, 0}, 1.75);
  };
  Problem p = two_and_one(-1100);
  EXPECT_EQ(put(kernel, p, "f32;exp_abs=4.9e-39").standing, laws::LawStanding::broken);
  EXPECT_EQ(put(kernel, p, "f32;exp_abs=1e-7").standing, laws::LawStanding::held)
      << "too large: nothing is asked";
  p.v.set({0, 0, 0, 0}, -9);
  EXPECT_EQ(put(kernel, p, "f32;exp_abs=4.9e-39").standing, laws::LawStanding::held);
}

bool zero(const Tensor& t) {
  for (const double x : t.values()) {
    if (x != 0) return false;
  }
  return true;
}

// The last bit of rows with several keys, and only where a query is not 0.
void spoil_last_bit(const Problem& p, kernel::RunOutcome& outcome) {
  if (outcome.status != kernel::RunStatus::ok || p.kv_len() < 2 || zero(p.q)) return;
  std::vector<double> values = outcome.result.out.values();
  for (double& x : values) {
    if (x != 0) x = std::nextafter(static_cast<float>(x), HUGE_VALF);
  }
  outcome.result.out.assign(values);
}

TEST(ExactLattice, ShowsALastBitThatZeroQueriesAndTheBoundDoNot) {
  test::ScriptedKernel kernel([](const Problem&, const kernel::RunOptions&) { return std::nullopt; });
  kernel.after = spoil_last_bit;
  GenContext context;
  context.usual_work = 3e3;
  context.large_share = 0;
  context.set(Feature::mixed_dtypes, 0);
  for (const Feature f : {Feature::f64, Feature::f16, Feature::bf16}) context.set(f, 0);
  const auto named = [](const Family& f) { return f.name == "exact lattice"; };
  const Family& family = *std::find_if(families().begin(), families().end(), named);
  int broken = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const Problem p = problems(family, context)(rc::Random(seed)).value();
    const laws::LawOutcome outcome = put(kernel, p, "f32");
    if (outcome.standing != laws::LawStanding::broken) continue;
    ++broken;
    EXPECT_FALSE(zero(p.q));
    const oracle::ContractSet contract = oracle::contract_for("f32", p.q.dtype(), p.k.dtype());
    laws::Subject subject(kernel, p, contract, {});
    EXPECT_EQ(laws::evaluate(*laws::find_law("definition"), subject).standing, laws::LawStanding::held);
  }
  EXPECT_GE(broken, 5);
}

// Laws prepare such problems from any.
TEST(ExactLattice, IsPreparedFromAnyProblem) {
  int far_keys = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const std::optional<Problem> p = laws::find_law("uniform")->prepare(two_and_one(-3), seed);
    ASSERT_TRUE(p.has_value());
    EXPECT_EQ(why_not(*p, "f32"), "") << seed;
    far_keys += zero(p->q) ? 0 : 1;
  }
  EXPECT_GT(far_keys, 10);
  EXPECT_LT(far_keys, 30);
}

}  // namespace
}  // namespace attest::check
