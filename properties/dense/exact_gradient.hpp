// The derivative of the dense form by dual numbers, enclosed in balls: no formula of a gradient is in it.
#pragma once

#include "ball.hpp"
#include "gradient_case.hpp"

namespace attest {

/// The derivative of sum(dO o O) with respect to each element of Q, K, V and of a bias (one of zeros where
/// the case has none), an evaluation of attention in dual numbers for each.
dense::Gradient<Ball> gradient_by_duals(const GradientCase& c);

/// What the error bound is a function of, rounded to double. Masked scores are 0.
struct Magnitudes {
  dense::Matrix<double> s, p, o, d_p;
  dense::Column<double> d;
};
Magnitudes magnitudes_of(const GradientCase& c);

/// The gradient's own formulas, in balls.
dense::Gradient<Ball> gradient_in_balls(const GradientCase& c);

}  // namespace attest
