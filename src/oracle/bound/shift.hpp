// How far a kernel's shift may lie from its largest score.
#pragma once

#include "oracle/bound/bound_terms.hpp"

namespace attest::oracle {

/// Sets lag, above and tau. Needs lambda. A threshold is compared after rounding: fl(s - m) with tau, or s
/// with fl(m + tau).
void set_shift(BoundTerms& terms);

}  // namespace attest::oracle
