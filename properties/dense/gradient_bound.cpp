#include "gradient_bound.hpp"

#include <cmath>

namespace attest::properties {
namespace {

using Matrix = attention::dense::Matrix<double>;

// An exact matrix and a bound on the error of each element.
struct Known {
  Matrix size;  // absolute values
  Matrix error;
};
Known exact(const Matrix& x) { return {x.cwiseAbs(), Matrix::Zero(x.rows(), x.cols())}; }
Known transposed(const Known& x) { return {x.size.transpose(), x.error.transpose()}; }

class Bounds {
 public:
  explicit Bounds(const ScalarError& error) : e_(error) {}

  double growth(Eigen::Index roundings) const {
    const double x = static_cast<double>(roundings) * e_.relative;
    return x < 1 ? x / (1 - x) : HUGE_VAL;
  }

  // Of a product whose exact elements have the absolute values `size`.
  Known product(const Known& a, const Known& b, const Matrix& size) const {
    const Eigen::Index n = a.size.cols();
    const double lost = static_cast<double>(n) * e_.absolute * (1 + growth(n));
    const Matrix operands = a.size * b.error + a.error * b.size + a.error * b.error;
    const Matrix terms = (a.size + a.error) * (b.size + b.error);
    return {size.cwiseAbs(), ((operands + growth(n) * terms).array() + lost).matrix()};
  }

  // Element by element.
  Known multiplied(const Known& a, const Known& b) const {
    const Matrix operands =
        a.size.cwiseProduct(b.error) + a.error.cwiseProduct(b.size) + a.error.cwiseProduct(b.error);
    const Matrix terms = (a.size + a.error).cwiseProduct(b.size + b.error);
    return {a.size.cwiseProduct(b.size), ((operands + e_.relative * terms).array() + e_.absolute).matrix()};
  }

  Matrix scores(const attention::dense::Inputs<double>& in) const {
    const double scale = std::fabs(in.scale);
    Matrix size = scale * (in.q.cwiseAbs() * in.k.cwiseAbs().transpose());
    if (in.bias) size += in.bias->cwiseAbs();
    const auto d = static_cast<double>(in.q.cols());
    const double lost = (1 + growth(2)) * (d * scale + 1) * e_.absolute;
    return ((growth(in.q.cols() + 2) * size).array() + lost).matrix();
  }

  // One row of P; false where the conditions are not met.
  bool probabilities(const GradientCase& c, const Magnitudes& m, const Matrix& score_errors, Eigen::Index i,
                     Matrix& errors) const {
    double largest = -HUGE_VAL;
    double score_error = 0;
    Eigen::Index n = 0;
    for (Eigen::Index j = 0; j < m.s.cols(); ++j) {
      if (!c.in.visible(i, j)) continue;
      ++n;
      largest = std::max(largest, m.s(i, j));
      score_error = std::max(score_error, score_errors(i, j));
    }
    double widest_gap = 0;
    for (Eigen::Index j = 0; j < m.s.cols(); ++j) {
      if (c.in.visible(i, j)) widest_gap = std::max(widest_gap, largest - m.s(i, j));
    }
    const double weight =
        score_error + e_.relative * (widest_gap + 2 * score_error) - std::log1p(-2 * e_.relative);
    const double lost = static_cast<double>(n) * 2 * e_.absolute;
    const double ratio = 2 * weight + growth(n);
    for (Eigen::Index j = 0; j < m.s.cols(); ++j) {
      errors(i, j) = c.in.visible(i, j) ? m.p(i, j) * std::expm1(ratio + 4 * lost) + 10 * e_.absolute : 0;
    }
    return ratio <= std::log(2.0) && lost <= 0.25;
  }

  // X = dP - D, D being the sum over a row of dO o O.
  Known difference(const Known& d_p, const Known& d_o, const Known& o, const Magnitudes& m) const {
    Known x = d_p;
    for (Eigen::Index i = 0; i < x.size.rows(); ++i) {
      const Known row_o{o.size.row(i), o.error.row(i)};
      const Known row_d_o{d_o.size.row(i), d_o.error.row(i)};
      const Known d = product(row_d_o, transposed(row_o), Matrix::Constant(1, 1, m.d(i)));
      for (Eigen::Index j = 0; j < x.size.cols(); ++j) {
        const double operands = d_p.error(i, j) + d.error(0, 0);
        x.size(i, j) = std::fabs(m.d_p(i, j) - m.d(i));
        x.error(i, j) = operands + e_.relative * (x.size(i, j) + operands);
      }
    }
    return x;
  }

 private:
  ScalarError e_;
};

}  // namespace

GradientBound gradient_bound(const GradientCase& c, const ScalarError& error) {
  const Bounds by(error);
  const Magnitudes m = magnitudes_of(c);
  GradientBound bound{.holds = true};
  Known p{m.p, Matrix::Zero(m.p.rows(), m.p.cols())};
  const Matrix score_errors = by.scores(c.in);
  for (Eigen::Index i = 0; i < m.p.rows(); ++i) {
    bound.holds = by.probabilities(c, m, score_errors, i, p.error) && bound.holds;
  }
  const Known v = exact(c.in.v);
  const Known d_o = exact(c.d_o);
  const Known o = by.product(p, v, m.o);
  const Known d_p = by.product(d_o, transposed(v), m.d_p);
  const Known difference = by.difference(d_p, d_o, o, m);
  const Known d_s = by.multiplied(p, difference);
  const Known scale_of_q = exact(Matrix::Constant(c.in.q.rows(), c.in.q.cols(), c.in.scale));
  const Known scale_of_k = exact(Matrix::Constant(c.in.k.rows(), c.in.k.cols(), c.in.scale));
  // Sizes of the last products are not needed sharply: those of their terms are an upper bound.
  const Matrix q_size = d_s.size * c.in.k.cwiseAbs();
  const Matrix k_size = d_s.size.transpose() * c.in.q.cwiseAbs();
  const Known d_q = by.multiplied(by.product(d_s, exact(c.in.k), q_size), scale_of_q);
  const Known d_k = by.multiplied(by.product(transposed(d_s), exact(c.in.q), k_size), scale_of_k);
  const Known d_v = by.product(transposed(p), d_o, p.size.transpose() * d_o.size);
  const double slack = 1 + 0x1p-30;  // for the roundings of this evaluation, all of sums of positive terms
  bound.q = d_q.error * slack;
  bound.k = d_k.error * slack;
  bound.v = d_v.error * slack;
  bound.scores = d_s.error * slack;
  return bound;
}

}  // namespace attest::properties
