// The dense form's gradient of the scores and softmax_backward, which the theorem "gradient" is about.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "attention/backward.hpp"
#include "rounded_gradient.hpp"
#include "semantics/native.hpp"
#include "semantics/rational.hpp"

namespace attest::properties {
namespace {

template <class X>
std::vector<X> row_of(const attention::dense::Matrix<X>& matrix, Eigen::Index i) {
  std::vector<X> row;
  for (Eigen::Index c = 0; c < matrix.cols(); ++c) row.push_back(matrix(i, c));
  return row;
}

/// dS by softmax_backward, row by row, of P and O.
template <class A>
attention::dense::Matrix<typename A::Acc> by_rows(const A& k,
                                                  const attention::dense::Matrix<typename A::Acc>& p,
                                                  const attention::dense::Matrix<typename A::Acc>& v,
                                                  const attention::dense::Matrix<typename A::Acc>& o,
                                                  const attention::dense::Matrix<typename A::Acc>& d_o) {
  std::vector<std::vector<typename A::Acc>> values;
  for (Eigen::Index j = 0; j < v.rows(); ++j) values.push_back(row_of(v, j));
  attention::dense::Matrix<typename A::Acc> d_s(p.rows(), p.cols());
  for (Eigen::Index i = 0; i < p.rows(); ++i) {
    const auto row = attention::softmax_backward(k, row_of(p, i), values, row_of(o, i), row_of(d_o, i));
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
  using Number = semantics::Rational::Number;
  const GradientCase c = any_case();
  attention::dense::Matrix<Number> p = (c.in.q * c.in.k.transpose()).cast<Number>();
  for (Number& x : p.reshaped()) x = (x * x + 1) / 7;
  const attention::dense::Column<Number> sums = p.rowwise().sum();
  for (Eigen::Index i = 0; i < p.rows(); ++i) p.row(i) /= sums(i);
  const attention::dense::Matrix<Number> v = c.in.v.cast<Number>();
  const attention::dense::Matrix<Number> d_o = c.d_o.cast<Number>();
  const attention::dense::Matrix<Number> o = p * v;
  RC_ASSERT(attention::dense::score_gradient(p, v, d_o) == by_rows(semantics::Rational{}, p, v, o, d_o));
}

// Of P and O as the dense form computes them. The operations that follow are as many as the dense form's, so
// its bound holds.
RC_GTEST_PROP(SoftmaxBackward, IsTheDerivativeOfTheDenseFormWithinItsBound, ()) {
  const GradientCase c = any_case();
  const GradientBound bound = gradient_bound(c, scalar_error(kBinary32));
  RC_PRE(bound.holds);
  const auto in = inputs_in<float>(c.in);
  const attention::dense::Matrix<float> p = attention::dense::softmax(attention::dense::scores(in)).p;
  const attention::dense::Matrix<float> got =
      by_rows(semantics::F32{}, p, in.v, attention::dense::Matrix<float>(p * in.v),
              attention::dense::Matrix<float>(c.d_o.cast<float>()));
  const std::string wrong =
      outside(got.cast<attention::DenseMpfr>(), gradient_by_duals(c).scores, bound.scores, "dS");
  if (!wrong.empty()) RC_FAIL(fmt::format("{}\n{}", wrong, describe(c)));
}

TEST(SoftmaxBackward, DiffersFromTheDenseFormWhereItsOutputIsLeftOut) {
  using Number = semantics::Rational::Number;
  const attention::dense::Matrix<Number> p = attention::dense::Matrix<Number>::Constant(1, 2, Number(1) / 2);
  const attention::dense::Matrix<Number> v = attention::dense::Matrix<Number>::Ones(2, 1);
  const attention::dense::Matrix<Number> d_o = attention::dense::Matrix<Number>::Ones(1, 1);
  const attention::dense::Matrix<Number> no_output = attention::dense::Matrix<Number>::Zero(1, 1);
  EXPECT_FALSE(attention::dense::score_gradient(p, v, d_o) ==
               by_rows(semantics::Rational{}, p, v, no_output, d_o));
}

}  // namespace
}  // namespace attest::properties
