// The definition of rounded_gradient, instantiated a scalar or two a file: a gradient is seven of Eigen's
// products.
#pragma once

#include "rounded_gradient.hpp"

namespace attest::properties {

template <class T>
attention::dense::Matrix<attention::DenseMpfr> widened(const attention::dense::Matrix<T>& x) {
  if constexpr (std::is_same_v<T, attention::DenseMpfr>) {
    return x;
  } else {
    return x.unaryExpr([](const T& y) { return attention::DenseMpfr(static_cast<double>(y)); });
  }
}

template <class T>
attention::dense::Gradient<attention::DenseMpfr> rounded_gradient(const GradientCase& c) {
  const attention::dense::Gradient<T> got =
      attention::dense::gradient(inputs_in<T>(c.in), attention::dense::Matrix<T>(c.d_o.cast<T>()));
  return {widened(got.q), widened(got.k), widened(got.v), widened(got.scores)};
}

}  // namespace attest::properties
