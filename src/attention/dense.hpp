// Attention as the formula everybody knows, in whole matrices, and its gradient:
//
//     S = scale Q K^T + B, -inf where masked     P = softmax of the rows of S     O = P V
//
//     dV = P^T dO     dP = dO V^T     dS = P o (dP - D)     D = rowsum(dO o O)
//     dQ = scale dS K     dK = scale dS^T Q     dB = dS
//
// It holds the whole score matrix and shares no code with the recurrence, nor with the oracle: a third
// opinion on both. T is any scalar that Eigen holds: float, double, Eigen::half, Eigen::bfloat16, or a number
// of Boost.Multiprecision. docs/bound-derivation.md, section 17, bounds what rounding does to it.
//
// exp and log are those of the scalar (the C library's for float and double), applied element by element.
// Eigen 3.4's own vectorised exp is no exponential of -inf: it clamps its argument near -88.4, and would
// leave a masked key a weight of 4e-39.
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>

#include <Eigen/Core>

namespace attest::attention::dense {

template <class T>
using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;
template <class T>
using Column = Eigen::Matrix<T, Eigen::Dynamic, 1>;
/// [query][key]; true: visible.
using Mask = Eigen::Array<bool, Eigen::Dynamic, Eigen::Dynamic>;

/// Query i stands at position i + offset and sees keys from `left` before it to `right` after it.
struct Band {
  std::ptrdiff_t offset = 0;
  std::optional<std::ptrdiff_t> left{}, right{};  ///< none: no limit
};

inline Mask banded(Eigen::Index queries, Eigen::Index keys, const Band& band) {
  Mask mask(queries, keys);
  for (Eigen::Index i = 0; i < queries; ++i) {
    for (Eigen::Index j = 0; j < keys; ++j) {
      const std::ptrdiff_t ahead = j - (i + band.offset);
      mask(i, j) = (!band.left || -ahead <= *band.left) && (!band.right || ahead <= *band.right);
    }
  }
  return mask;
}

/// The last query sees the last key: offset = keys - queries.
inline Mask causal(Eigen::Index queries, Eigen::Index keys) {
  return banded(queries, keys, {.offset = keys - queries, .right = 0});
}

template <class T>
struct Inputs {
  Matrix<T> q;  ///< [query][qk_dim]
  Matrix<T> k;  ///< [key][qk_dim]; at least one key
  Matrix<T> v;  ///< [key][v_dim], finite: a masked key's weight is 0, and 0 times NaN is NaN
  T scale{1};
  Mask visible;
  std::optional<Matrix<T>> bias{};  ///< [query][key], finite, added to the scaled scores
};

/// S; -inf where masked.
template <class T>
Matrix<T> scores(const Inputs<T>& in) {
  Matrix<T> s = in.q * in.k.transpose();
  s *= in.scale;
  if (in.bias) s += *in.bias;
  const Matrix<T> masked =
      Matrix<T>::Constant(s.rows(), s.cols(), static_cast<T>(-std::numeric_limits<T>::infinity()));
  return in.visible.select(s, masked);
}

template <class T>
struct Softmax {
  Matrix<T> p;    ///< rows sum to 1; zeros where a row sees no key
  Column<T> lse;  ///< log of the sum of exponentials; -inf where a row sees no key
};

template <class T>
Softmax<T> softmax(const Matrix<T>& s) {
  using std::exp;
  using std::log;
  const T none = -std::numeric_limits<T>::infinity();
  const Column<T> largest = s.rowwise().maxCoeff();
  // (-inf) - (-inf) is NaN: a row that sees no key is shifted by 0, and divided by 1.
  const Column<T> shift = largest.unaryExpr([&](const T& m) { return m == none ? T(0) : m; });
  const Matrix<T> shifted = s.colwise() - shift;
  const Matrix<T> weights = shifted.unaryExpr([](const T& x) { return T(exp(x)); });
  const Column<T> sums = weights.rowwise().sum();
  const Column<T> divisors = sums.unaryExpr([](const T& l) { return l == T(0) ? T(1) : l; });
  const Column<T> logs = sums.unaryExpr([](const T& l) { return T(log(l)); });
  return {(weights.array().colwise() / divisors.array()).matrix(), shift + logs};
}

template <class T>
struct Outputs {
  Matrix<T> o;
  Column<T> lse;
};

/// Probability is the format that P is rounded to before it meets V, as kernels of 16 bits do.
template <class Probability, class T>
Outputs<T> attend_by(const Inputs<T>& in) {
  const Softmax<T> rows = softmax(scores(in));
  const Matrix<T> p = rows.p.template cast<Probability>().template cast<T>();
  return {p * in.v, rows.lse};
}

template <class T>
Outputs<T> attend(const Inputs<T>& in) {
  return attend_by<T>(in);
}

/// dS: the gradient of the scores whose softmax is p. It is backward.hpp's softmax_backward, row by row.
template <class T>
Matrix<T> score_gradient(const Matrix<T>& p, const Matrix<T>& v, const Matrix<T>& d_o) {
  const Matrix<T> o = p * v;
  const Column<T> d = d_o.cwiseProduct(o).rowwise().sum();
  const Matrix<T> d_p = d_o * v.transpose();
  return p.cwiseProduct(d_p.colwise() - d);
}

/// Derivatives of sum(d_o o O) with respect to each input; those for masked pairs are 0.
template <class T>
struct Gradient {
  Matrix<T> q, k, v, scores;  ///< scores: of S, which is that of the bias
};

template <class T>
Gradient<T> gradient(const Inputs<T>& in, const Matrix<T>& d_o) {
  const Matrix<T> p = softmax(scores(in)).p;
  const Matrix<T> d_s = score_gradient(p, in.v, d_o);
  const Matrix<T> d_q = d_s * in.k;
  const Matrix<T> d_k = d_s.transpose() * in.q;
  return {d_q * in.scale, d_k * in.scale, p.transpose() * d_o, d_s};
}

}  // namespace attest::attention::dense
