// What one operation loses that underflows.
#include <algorithm>

#include "oracle/bound/bound_terms.hpp"

namespace attest::oracle {

// Absolute error of one operation that underflows.
double underflow_error(const Format& format, Rounding rounding, Underflow underflow) {
  if (underflow != Underflow::gradual) return format.min_normal();
  const double quantum = format.min_subnormal();
  // Half of binary64's smallest number would vanish here.
  return rounding == Rounding::nearest_even ? std::max(quantum / 2, kBinary64.min_subnormal()) : quantum;
}

double underflow_error(const Cast& cast, Underflow underflow) {
  return cast ? underflow_error(*cast.format, cast.worst_rounding(), underflow) : 0;
}

double underflow_of(const Contract& c) {
  const auto lambda_of = [&](const Sum& sum) {
    return underflow_error(sum.format, sum.rounding, c.underflow);
  };
  return std::max({lambda_of(c.score), lambda_of(c.numerator), lambda_of(c.denominator)});
}

}  // namespace attest::oracle
