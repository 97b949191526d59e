// How far a gradient that the dense form computes may be from the exact one: docs/bound-derivation.md,
// section 17.
#pragma once

#include "exact_gradient.hpp"
#include "numerics/format.hpp"

namespace attest::properties {

/// What one operation of a scalar may err by: `relative` of its result, and `absolute` where it underflows;
/// its exponential, which errs by less than one unit in the last place, by twice that.
struct ScalarError {
  double relative = 0, absolute = 0;
};
inline ScalarError scalar_error(const Format& format) {
  return {.relative = format.unit_roundoff(), .absolute = format.min_subnormal() / 2};
}

struct GradientBound {
  bool holds = false;  ///< the conditions of the derivation are met; else it says nothing
  attention::dense::Matrix<double> q{}, k{}, v{}, scores{};
};
GradientBound gradient_bound(const GradientCase& c, const ScalarError& error);

}  // namespace attest::properties
