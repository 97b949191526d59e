// The matched filter: how much of a fault's signature a kernel's outputs contain.
//
// With the signature g = o_f - o and the residual r = output - o, both weighed by the variance V of healthy
// rounding: alpha = sum(r g / V) / sum(g^2 / V), which is 1 for a kernel that has the fault and 0 for one
// that has not. The errors of a row correlate, so sigma sums over rows: sigma^2 = sum over rows of (sum_c (r
// - alpha g) g / V)^2 / (sum g^2 / V)^2.
#pragma once

#include <cstdint>
#include <vector>

#include "oracle/facts.hpp"

namespace attest::faults {

/// At least what one element adds to misfit_without(), whatever the fault predicts for it.
double most_misfit(double got, const oracle::Known& correct, double variance);

class MatchedFilter {
 public:
  /// One element; elements of one row follow each other, `new_row` at the first of them.
  void add(double got, const oracle::Known& correct, const oracle::Known& faulty, double variance,
           bool new_row);

  double alpha() const;
  double sigma() const;
  /// Twice the negative log-likelihood, up to a constant, of a kernel with and without the fault.
  double misfit_with() const { return misfit_with_; }
  double misfit_without() const { return misfit_without_; }
  std::int64_t elements() const { return elements_; }
  /// Number of elements that differ from the correct result as the fault predicts, where NaN or infinity is
  /// on one side: NaN where a number is right, or a number where the lse is -infinity.
  std::int64_t matched_specials() const { return matched_specials_; }

 private:
  struct RowSums {
    double rg = 0, gg = 0;
  };
  void add_special(double got, double correct, const oracle::Known& faulty, double variance);

  std::vector<RowSums> rows_;
  double misfit_with_ = 0, misfit_without_ = 0;
  std::int64_t elements_ = 0, matched_specials_ = 0;
};

}  // namespace attest::faults
