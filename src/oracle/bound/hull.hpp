// What holds whatever the errors of the scores: an output is a mean of the visible values, but for the
// roundings after its weights (docs/bound-derivation.md 16).
#pragma once

#include <vector>

#include "oracle/bound/bound.hpp"
#include "oracle/bound/bound_terms.hpp"
#include "oracle/definition/row.hpp"
#include "oracle/facts.hpp"

namespace attest::oracle {

/// The hull of the visible values of one channel; a sink adds the value 0.
struct ValueRange {
  double low = 0, high = 0;
  double largest() const;  ///< max |v|
  bool zero() const { return low == 0 && high == 0; }
  /// From o.hi + o.lo to the end of the range in the direction of `got`, from above.
  double reach(const Known& o, double got) const;
};

/// [v_dim]; [0, 0] where the row sees no key.
std::vector<ValueRange> value_ranges(const Row& row);

/// Exact results lie in the hull: values that are equal are the result, and a radius that exceeds the hull
/// becomes its half.
void narrow_to_hull(const std::vector<ValueRange>& ranges, RowFacts& facts);

/// How far beyond the hull a correct kernel's outputs may lie: E0.
class HullBound {
 public:
  /// `terms` as bound_terms makes them; `out` is the dtype that the kernel stores.
  HullBound(const BoundTerms& terms, DType out);

  /// `sum_abs_v` is at least sum |v_j|, `flushed` the largest value that a kernel loses by flushing inputs.
  /// HUGE_VAL: a correct kernel may divide by 0, or overflow after its scores.
  double out(const ValueRange& values, double sum_abs_v, double flushed) const;
  /// |computed - exact| of lse; HUGE_VAL likewise.
  double lse(const Known& lse, DType stored) const;

 private:
  BoundTerms terms_;
  ChannelLine line_;
};

}  // namespace attest::oracle
