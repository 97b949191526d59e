// The derivative of the dense form by dual numbers, enclosed in balls: no formula of a gradient is in it.
#pragma once

#include "ball.hpp"
#include "gradient_case.hpp"

namespace attest::properties {

/// The derivative of sum(dO o O) with respect to each element of Q, K, V and of a bias (one of zeros where
/// the case has none), an evaluation of attention in dual numbers for each.
attention::dense::Gradient<Ball> gradient_by_duals(const GradientCase& c);

/// What the error bound is a function of, rounded to double. Masked scores are 0.
struct Magnitudes {
  attention::dense::Matrix<double> s, p, o, d_p;
  attention::dense::Column<double> d;
};
Magnitudes magnitudes_of(const GradientCase& c);

/// The gradient's own formulas, in balls.
attention::dense::Gradient<Ball> gradient_in_balls(const GradientCase& c);

}  // namespace attest::properties
