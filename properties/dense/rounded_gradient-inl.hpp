// The definition of rounded_gradient, instantiated a scalar or two a file: a gradient is seven of Eigen's
// products.
#pragma once

#include "rounded_gradient.hpp"

namespace attest {

template <class T>
dense::Matrix<DenseMpfr> widened(const dense::Matrix<T>& x) {
  if constexpr (std::is_same_v<T, DenseMpfr>) {
    return x;
  } else {
    return x.unaryExpr([](const T& y) { return DenseMpfr(static_cast<double>(y)); });
  }
}

template <class T>
dense::Gradient<DenseMpfr> rounded_gradient(const GradientCase& c) {
  const dense::Gradient<T> got = dense::gradient(inputs_in<T>(c.in), dense::Matrix<T>(c.d_o.cast<T>()));
  return {widened(got.q), widened(got.k), widened(got.v), widened(got.scores)};
}

}  // namespace attest
