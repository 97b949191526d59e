// The dense form's gradient of the scores and softmax_backward, which the theorem "gradient" is about.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "attention/backward.hpp"
#include "rounded_gradient.hpp"
#include "semantics/native.hpp"
#include "semantics/rational.hpp"

namespace attest {
namespace {

template <class X>
std::vector<X> row_of(const dense::Matrix<X>& matrix, Eigen::Index i) {
  std::vector<X> row;
  for (Eigen::Index c = 0; c < matrix.cols(); ++c) row.push_back(matrix(i, c));
  return row;
}

/// dS by softmax_backward, row by row, of P and O.
template <class A>
dense::Matrix<typename A::Acc> by_rows(const A& k, const dense::Matrix<typename A::Acc>& p,
                                       const dense::Matrix<typename A::Acc>& v,
                                       const dense::Matrix<typename A::Acc>& o,
                                       const dense::Matrix<typename A::Acc>& d_o) {
  std::vector<std::vector<typename A::Acc>> values;
  for (Eigen::Index j = 0; j < v.rows(); ++j) values.push_back(row_of(v, j));
  dense::Matrix<typename A::Acc> d_s(p.rows(), p.cols());
  for (Eigen::Index i = 0; i < p.rows(); ++i) {
    const auto row = softmax_backward(k, row_of(p, i), values, row_of(o, i), row_of(d_o, i));
    for (Eigen::Index j = 0; j < p.cols(); ++j) d_s(i, j) = row[static_cast<std::size_t>(j)];
  }
  return d_s;
}

GradientCase any_case() {
  Draw draw{rc::Random(*rc::gen::noShrink(rc::gen::arbitrary<std::uint64_t>()))};
  return draw_gradient_case(draw);
}

// Probabilities that are rationals of any kind: both are the same function of them.
RC_GTEST_PROP(DenseGradient, OfScoresIsSoftmaxBackwardInExactRationals, ()) {
  using Number = Rational::Number;
  const GradientCase c = any_case();
  dense::Matrix<Number> p = (c.in.q * c.in.k.transpose()).cast<Number>();
  for (Number& x : p.reshaped()) x = (x * x + 1) / 7;
  const dense::Column<Number> sums = p.rowwise().sum();
  for (Eigen::Index i = 0; i < p.rows(); ++i) p.row(i) /= sums(i);
  const dense::Matrix<Number> v = c.in.v.cast<Number>();
  const dense::Matrix<Number> d_o = c.d_o.cast<Number>();
  const dense::Matrix<Number> o = p * v;
  RC_ASSERT(dense::score_gradient(p, v, d_o) == by_rows(Rational{}, p, v, o, d_o));
}

// Of P and O as the dense form computes them. The operations that follow are as many as the dense form's, so
// its bound holds.
RC_GTEST_PROP(SoftmaxBackward, IsTheDerivativeOfTheDenseFormWithinItsBound, ()) {
  const GradientCase c = any_case();
  const GradientBound bound = gradient_bound(c, scalar_error(kBinary32));
  RC_PRE(bound.holds);
  const auto in = inputs_in<float>(c.in);
  const dense::Matrix<float> p = dense::softmax(dense::scores(in)).p;
  const dense::Matrix<float> got =
      by_rows(F32{}, p, in.v, dense::Matrix<float>(p * in.v), dense::Matrix<float>(c.d_o.cast<float>()));
  const std::string wrong = outside(got.cast<DenseMpfr>(), gradient_by_duals(c).scores, bound.scores, "dS");
  if (!wrong.empty()) RC_FAIL(fmt::format("{}\n{}", wrong, describe(c)));
}

TEST(SoftmaxBackward, DiffersFromTheDenseFormWhereItsOutputIsLeftOut) {
  using Number = Rational::Number;
  const dense::Matrix<Number> p = dense::Matrix<Number>::Constant(1, 2, Number(1) / 2);
  const dense::Matrix<Number> v = dense::Matrix<Number>::Ones(2, 1);
  const dense::Matrix<Number> d_o = dense::Matrix<Number>::Ones(1, 1);
  const dense::Matrix<Number> no_output = dense::Matrix<Number>::Zero(1, 1);
  EXPECT_FALSE(dense::score_gradient(p, v, d_o) == by_rows(Rational{}, p, v, no_output, d_o));
}

}  // namespace
}  // namespace attest
