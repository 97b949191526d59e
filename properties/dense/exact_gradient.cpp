#include "exact_gradient.hpp"

#include "dual_number.hpp"

namespace attest::properties {
namespace {

using Dual = DualNumber<Ball>;

// Of sum(dO o O), along the direction that the inputs' slopes are.
Ball slope_of(const attention::dense::Inputs<Dual>& in, const attention::dense::Matrix<double>& d_o) {
  const attention::dense::Matrix<Dual> o = attention::dense::attend(in).o;
  Ball sum = 0;
  for (Eigen::Index i = 0; i < o.rows(); ++i) {
    for (Eigen::Index c = 0; c < o.cols(); ++c) sum += Ball(d_o(i, c)) * o(i, c).slope;
  }
  return sum;
}

attention::dense::Matrix<Ball> gradient_of(attention::dense::Matrix<Dual>& input,
                                           const attention::dense::Inputs<Dual>& in,
                                           const attention::dense::Matrix<double>& d_o) {
  attention::dense::Matrix<Ball> gradient(input.rows(), input.cols());
  for (Eigen::Index i = 0; i < input.rows(); ++i) {
    for (Eigen::Index c = 0; c < input.cols(); ++c) {
      input(i, c).slope = 1;
      gradient(i, c) = slope_of(in, d_o);
      input(i, c).slope = 0;
    }
  }
  return gradient;
}

template <class Derived>
auto in_doubles(const Eigen::DenseBase<Derived>& balls) {
  return balls.derived()
      .unaryExpr([](const Ball& x) { return x.middle().template convert_to<double>(); })
      .eval();
}

}  // namespace

attention::dense::Gradient<Ball> gradient_by_duals(const GradientCase& c) {
  attention::dense::Inputs<Dual> in = inputs_in<Dual>(c.in);
  if (!in.bias) in.bias = attention::dense::Matrix<Dual>::Constant(in.q.rows(), in.k.rows(), Dual(0));
  return {gradient_of(in.q, in, c.d_o), gradient_of(in.k, in, c.d_o), gradient_of(in.v, in, c.d_o),
          gradient_of(*in.bias, in, c.d_o)};
}

attention::dense::Gradient<Ball> gradient_in_balls(const GradientCase& c) {
  return attention::dense::gradient(inputs_in<Ball>(c.in),
                                    attention::dense::Matrix<Ball>(c.d_o.cast<Ball>()));
}

Magnitudes magnitudes_of(const GradientCase& c) {
  const auto in = inputs_in<Ball>(c.in);
  const attention::dense::Matrix<Ball> d_o = c.d_o.cast<Ball>();
  const attention::dense::Matrix<Ball> p = attention::dense::softmax(attention::dense::scores(in)).p;
  const attention::dense::Matrix<Ball> o = p * in.v;
  attention::dense::Inputs<Ball> all = in;
  all.visible.setConstant(true);
  return {.s = in_doubles(attention::dense::scores(all)),
          .p = in_doubles(p),
          .o = in_doubles(o),
          .d_p = in_doubles(attention::dense::Matrix<Ball>(d_o * in.v.transpose())),
          .d = in_doubles(attention::dense::Column<Ball>(d_o.cwiseProduct(o).rowwise().sum()))};
}

}  // namespace attest::properties
