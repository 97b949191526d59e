// Intervals of MPFR numbers, by MPFI: every result encloses the exact one, rounding and all.
//
// Boost.Multiprecision holds the intervals; the operations are MPFI's own (see mpfr.hpp). `max` acts endpoint
// by endpoint, because comparing overlapping intervals throws.
#pragma once

#include <boost/multiprecision/mpfi.hpp>

namespace attest::semantics {

class Interval {
 public:
  using Number = boost::multiprecision::number<boost::multiprecision::mpfi_float_backend<0>,
                                               boost::multiprecision::et_off>;
  using Score = Number;
  using Acc = Number;

  /// Precision of the endpoints, in bits.
  explicit Interval(long bits) : bits_(bits) {}

  Number max(const Number& s, const Number& t) const {
    Number result = blank();
    auto& max = result.backend();
    mpfr_max(max.left_data(), s.backend().left_data(), t.backend().left_data(), MPFR_RNDD);
    mpfr_max(max.right_data(), s.backend().right_data(), t.backend().right_data(), MPFR_RNDU);
    return result;
  }
  Number sub(const Number& s, const Number& t) const { return binary(mpfi_sub, s, t); }
  Number exp(const Number& s) const { return unary(mpfi_exp, s); }
  Number probability(const Number& x) const { return x; }
  Number one() const { return number(1); }
  Number add(const Number& x, const Number& y) const { return binary(mpfi_add, x, y); }
  Number mul(const Number& x, const Number& y) const { return binary(mpfi_mul, x, y); }
  /// The whole line when y contains 0 inside.
  Number div(const Number& x, const Number& y) const { return binary(mpfi_div, x, y); }
  /// NaN endpoints where x may be negative.
  Number sqrt(const Number& x) const { return unary(mpfi_sqrt, x); }
  Number score(const Number& x) const { return x; }
  Number lse(const Number& m, const Number& l) const { return add(m, unary(mpfi_log, l)); }

  /// The least interval that contains a double.
  Number number(double x) const {
    Number result = blank();
    mpfi_set_d(result.backend().data(), x);
    return result;
  }
  /// The least interval that contains a rational.
  Number number(const __mpq_struct* x) const {
    Number result = blank();
    mpfi_set_q(result.backend().data(), x);
    return result;
  }
  /// Encloses ln(x), x > 0: the score whose weight is x.
  Number log(const Number& x) const { return unary(mpfi_log, x); }
  /// Is the rational x inside the interval? False for a NaN endpoint.
  static bool encloses(const Number& interval, const __mpq_struct* x) {
    return mpfi_is_inside_q(x, interval.backend().data()) > 0;
  }

 private:
  Number blank() const {
    Number result;
    mpfi_set_prec(result.backend().data(), bits_);
    return result;
  }
  template <class F>
  Number unary(const F& f, const Number& x) const {
    Number result = blank();
    f(result.backend().data(), x.backend().data());
    return result;
  }
  template <class F>
  Number binary(const F& f, const Number& x, const Number& y) const {
    Number result = blank();
    f(result.backend().data(), x.backend().data(), y.backend().data());
    return result;
  }

  long bits_;
};

}  // namespace attest::semantics
