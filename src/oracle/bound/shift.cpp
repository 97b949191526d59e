#include "oracle/bound/shift.hpp"

#include <algorithm>

namespace attest::oracle {

void set_shift(BoundTerms& t) {
  const Contract& c = t.c;
  const double u = c.score.unit_roundoff();
  const double largest = t.row.largest_score + t.row.moved + t.row.abar;
  t.above = c.shift_above;
  if (c.shift_by_norms) {
    const double norms = t.row.norms + t.row.moved;
    const double rounded = growth_of(u, t.row.qk_dim + 8) * norms;
    t.above += (norms + rounded + largest) * (1 + 0x1p-50);
    t.lag = rounded + t.row.abar;  // the computed bound may be below a score
  }
  if (c.tau > 0) {
    double rounded = growth_of(u, 3) * (largest + t.above + 2 * c.tau);
    // m is a number of the format, so that fl(m + tau) is no further from m + tau than m is.
    if (c.score.rounding == Rounding::nearest_even)
      rounded = std::min(rounded, c.tau * (1 + growth_of(u, 6)));
    t.lag += c.tau + rounded + 2 * t.lambda;
  }
  t.tau = t.lag + (c.sink_in_max ? 0 : t.row.sink_excess);
}

}  // namespace attest::oracle
