// Small problems of the dense form with a gradient of the output, in numbers that every scalar holds.
#pragma once

#include <string>

#include "attention/dense.hpp"
#include "numerics/draw.hpp"

namespace attest::properties {

/// Multiples of 1/8 of at most 5 bits, as doubles.
struct GradientCase {
  attention::dense::Inputs<double> in;
  attention::dense::Matrix<double> d_o;
};

/// 1 to 3 queries and 1 to 5 keys of 1 to 3 dimensions; causal, banded, masked at random or not at all, with
/// or without a bias. Rows that see no key are among them.
GradientCase draw_gradient_case(Draw& draw);

std::string describe(const GradientCase& c);

template <class T>
attention::dense::Inputs<T> inputs_in(const attention::dense::Inputs<double>& in) {
  attention::dense::Inputs<T> result{.q = in.q.cast<T>(),
                                     .k = in.k.cast<T>(),
                                     .v = in.v.cast<T>(),
                                     .scale = T(in.scale),
                                     .visible = in.visible};
  if (in.bias) result.bias = in.bias->cast<T>();
  return result;
}

}  // namespace attest::properties
