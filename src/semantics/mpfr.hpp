// Floating point of any precision, each operation correctly rounded to nearest by MPFR.
//
// Boost.Multiprecision holds the numbers. The operations are MPFR's own, into results of this object's
// precision: the operators would take their precision from thread-local state.
#pragma once

#include <cmath>

#include <boost/multiprecision/mpfr.hpp>

#include "semantics/condition.hpp"

namespace attest::semantics {

class Mpfr {
 public:
  using Number = boost::multiprecision::number<boost::multiprecision::mpfr_float_backend<0>,
                                               boost::multiprecision::et_off>;
  using Score = Number;
  using Acc = Number;
  using Condition = attest::semantics::Condition;

  /// Precision in bits, hidden bit included (53 has the precision of double, with a wider exponent range).
  explicit Mpfr(long bits) : bits_(bits) {}

  Number max(const Number& s, const Number& t) const { return s < t ? t : s; }
  Number sub(const Number& s, const Number& t) const { return binary(mpfr_sub, s, t); }
  Number exp(const Number& s) const { return unary(mpfr_exp, s); }
  Number probability(const Number& x) const { return x; }
  Number one() const { return number(1); }
  Number add(const Number& x, const Number& y) const { return binary(mpfr_add, x, y); }
  Number mul(const Number& x, const Number& y) const { return binary(mpfr_mul, x, y); }
  Number div(const Number& x, const Number& y) const { return binary(mpfr_div, x, y); }

  Number masked() const { return number(-HUGE_VAL); }
  Number origin() const { return zero(); }
  Number zero() const { return number(0); }
  Condition empty(const Number& m) const { return {m == masked()}; }
  Number select(Condition c, const Number& x, const Number& y) const { return c.holds ? x : y; }
  Condition exceeds(const Number& s, const Number& t, const Number& tau) const { return {s > add(t, tau)}; }
  Number lse(const Number& m, const Number& l) const { return add(m, unary(mpfr_log, l)); }

  /// A double, rounded to this precision.
  Number number(double x) const {
    Number result = blank();
    mpfr_set_d(result.backend().data(), x, MPFR_RNDN);
    return result;
  }

 private:
  Number blank() const {
    Number result;
    mpfr_set_prec(result.backend().data(), bits_);
    return result;
  }
  template <class F>
  Number unary(const F& f, const Number& x) const {
    Number result = blank();
    f(result.backend().data(), x.backend().data(), MPFR_RNDN);
    return result;
  }
  template <class F>
  Number binary(const F& f, const Number& x, const Number& y) const {
    Number result = blank();
    f(result.backend().data(), x.backend().data(), y.backend().data(), MPFR_RNDN);
    return result;
  }

  long bits_;
};

}  // namespace attest::semantics
