// The gradient of a case by the dense form in each scalar, as numbers of 201 bits, which hold all of them.
#pragma once

#include <string_view>
#include <vector>

#include "attention/dense_mpfr.hpp"
#include "gradient_bound.hpp"

namespace attest {

/// T is float, double, Eigen::half, Eigen::bfloat16 or DenseMpfr.
template <class T>
dense::Gradient<DenseMpfr> rounded_gradient(const GradientCase& c);

struct GradientScalar {
  std::string_view name;
  ScalarError error;
  dense::Gradient<DenseMpfr> (*gradient)(const GradientCase& c);
};
const std::vector<GradientScalar>& gradient_scalars();

/// One matrix of a gradient leaves its bound around the exact one. `what` names an element that does; empty:
/// none.
std::string outside(const dense::Matrix<DenseMpfr>& got, const dense::Matrix<Ball>& exact,
                    const dense::Matrix<double>& bound, std::string_view what);
/// The same of dQ, dK, dV and dS.
std::string outside(const dense::Gradient<DenseMpfr>& got, const dense::Gradient<Ball>& exact,
                    const GradientBound& bound);

}  // namespace attest
