// The dense form's gradient is the derivative of the definition, and wrong ones are seen to be wrong.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "rounded_gradient.hpp"

namespace attest::properties {
namespace {

GradientCase any_case() {
  Draw draw{rc::Random(*rc::gen::noShrink(rc::gen::arbitrary<std::uint64_t>()))};
  return draw_gradient_case(draw);
}

RC_GTEST_PROP(DenseGradient, IsTheDerivativeByDualNumbersInEveryScalar, ()) {
  const GradientCase c = any_case();
  const auto exact = gradient_by_duals(c);
  for (const GradientScalar& scalar : gradient_scalars()) {
    const GradientBound bound = gradient_bound(c, scalar.error);
    if (!bound.holds) continue;
    const std::string wrong = outside(scalar.gradient(c), exact, bound);
    if (!wrong.empty()) RC_FAIL(fmt::format("{}: {}\n{}", scalar.name, wrong, describe(c)));
  }
}

// With balls on both sides there is no bound to derive: both enclose one number.
RC_GTEST_PROP(DenseGradient, InBallsMeetsTheDerivativeInBalls, ()) {
  const GradientCase c = any_case();
  const auto derivative = gradient_by_duals(c);
  const auto gradient = gradient_in_balls(c);
  const auto meet = [](const attention::dense::Matrix<Ball>& x, const attention::dense::Matrix<Ball>& y) {
    for (Eigen::Index i = 0; i < x.size(); ++i) {
      const Ball& a = x.reshaped()(i);
      const Ball& b = y.reshaped()(i);
      // Narrow as well: 2^-201 for each of some hundred operations on numbers up to 2^8.
      RC_ASSERT(a.radius() + b.radius() < 0x1p-180);
      RC_ASSERT(abs(attention::DenseMpfr(a.middle() - b.middle())) <=
                (a.radius() + b.radius()) * (1 + 0x1p-30));
    }
  };
  meet(derivative.q, gradient.q);
  meet(derivative.k, gradient.k);
  meet(derivative.v, gradient.v);
  meet(derivative.scores, gradient.scores);
}

TEST(DenseGradient, HasABoundInEveryScalarAndMostlyASmallOne) {
  for (const GradientScalar& scalar : gradient_scalars()) {
    int holds = 0;
    int small = 0;  // against a gradient of the order of 1
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
      Draw draw{rc::Random(seed)};
      const GradientBound bound = gradient_bound(draw_gradient_case(draw), scalar.error);
      if (!bound.holds) continue;
      ++holds;
      small += bound.scores.maxCoeff() < 200 * scalar.error.relative ? 1 : 0;
    }
    EXPECT_GT(holds, 60) << scalar.name;
    EXPECT_GT(small, 50) << scalar.name;
  }
}

TEST(DenseGradient, OfAForwardPassThatSeesNothingIsZero) {
  Draw draw{rc::Random(1)};
  GradientCase c = draw_gradient_case(draw);
  c.in.visible.setConstant(false);
  for (const GradientScalar& scalar : gradient_scalars()) {
    const auto got = scalar.gradient(c);
    EXPECT_TRUE(got.q.isZero(0)) << scalar.name;
    EXPECT_TRUE(got.k.isZero(0)) << scalar.name;
    EXPECT_TRUE(got.v.isZero(0)) << scalar.name;
  }
}

// Each fault on 40 cases in every scalar: how often is a gradient outside its bound?
template <class Fault>
void expect_seen(const char* name, const Fault& fault) {
  for (const GradientScalar& scalar : gradient_scalars()) {
    int seen = 0;
    int cases = 0;
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
      Draw draw{rc::Random(seed)};
      const GradientCase c = draw_gradient_case(draw);
      const GradientBound bound = gradient_bound(c, scalar.error);
      if (!bound.holds) continue;
      ++cases;
      attention::dense::Gradient<attention::DenseMpfr> got = scalar.gradient(c);
      fault(c, got);
      seen += outside(got, gradient_in_balls(c), bound).empty() ? 0 : 1;
    }
    EXPECT_GT(seen, cases / 4) << name << " in " << scalar.name << ": " << cases << " cases";
  }
}

attention::dense::Matrix<attention::DenseMpfr> wide(const attention::dense::Matrix<double>& x) {
  return x.cast<attention::DenseMpfr>();
}

TEST(DenseGradient, FaultsAreSeenInEveryScalar) {
  expect_seen("rowsum(dO O) left out",
              [](const GradientCase& c, attention::dense::Gradient<attention::DenseMpfr>& got) {
                const Magnitudes m = magnitudes_of(c);
                got.scores += wide(m.p.cwiseProduct(m.d.replicate(1, m.p.cols())));
              });
  expect_seen("P left out", [](const GradientCase& c, attention::dense::Gradient<attention::DenseMpfr>& got) {
    const Magnitudes m = magnitudes_of(c);
    got.scores = wide(m.d_p - m.d.replicate(1, m.p.cols()));
  });
  expect_seen("scale left out of dQ",
              [](const GradientCase& c, attention::dense::Gradient<attention::DenseMpfr>& got) {
                got.q /= attention::DenseMpfr(c.in.scale == 1 ? 2 : c.in.scale);
              });
  expect_seen("scale twice in dK",
              [](const GradientCase& c, attention::dense::Gradient<attention::DenseMpfr>& got) {
                got.k *= attention::DenseMpfr(c.in.scale == 1 ? 2 : c.in.scale);
              });
  expect_seen("dV by the scores' gradient",
              [](const GradientCase& c, attention::dense::Gradient<attention::DenseMpfr>& got) {
                got.v = got.scores.transpose() * wide(c.d_o);
              });
  expect_seen("dQ of the keys in reverse",
              [](const GradientCase& c, attention::dense::Gradient<attention::DenseMpfr>& got) {
                got.q = got.scores * wide(c.in.k.colwise().reverse()) * attention::DenseMpfr(c.in.scale);
              });
}

}  // namespace
}  // namespace attest::properties
