// The gradient of a case by the dense form in each scalar, as numbers of 201 bits, which hold all of them.
#pragma once

#include <string_view>
#include <vector>

#include "attention/dense_mpfr.hpp"
#include "gradient_bound.hpp"

namespace attest::properties {

/// T is float, double, Eigen::half, Eigen::bfloat16 or DenseMpfr.
template <class T>
attention::dense::Gradient<attention::DenseMpfr> rounded_gradient(const GradientCase& c);

struct GradientScalar {
  std::string_view name;
  ScalarError error;
  attention::dense::Gradient<attention::DenseMpfr> (*gradient)(const GradientCase& c);
};
const std::vector<GradientScalar>& gradient_scalars();

/// One matrix of a gradient leaves its bound around the exact one. `what` names an element that does; empty:
/// none.
std::string outside(const attention::dense::Matrix<attention::DenseMpfr>& got,
                    const attention::dense::Matrix<Ball>& exact,
                    const attention::dense::Matrix<double>& bound, std::string_view what);
/// The same of dQ, dK, dV and dS.
std::string outside(const attention::dense::Gradient<attention::DenseMpfr>& got,
                    const attention::dense::Gradient<Ball>& exact, const GradientBound& bound);

}  // namespace attest::properties
