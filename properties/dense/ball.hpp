// A number with a bound on its error, as an Eigen scalar: what is computed in balls is enclosed, whatever the
// order of the operations.
//
// The middle has 201 bits. Each operation adds the errors of its operands, as they act on it, and its own
// rounding, at most 2^-201 of the exact result and so less than 2^-200 of the rounded one. Radii are doubles,
// computed with at most 8 roundings and widened by 2^-40.
#pragma once

#include <cmath>
#include <limits>

#include "attention/dense_mpfr.hpp"

namespace attest::properties {

class Ball {
 public:
  Ball(double exact = 0) : middle_(exact) {}  // NOLINT: Eigen converts its constants

  const attention::DenseMpfr& middle() const { return middle_; }
  double radius() const { return radius_; }

  friend Ball operator-(const Ball& x) { return {attention::DenseMpfr(-x.middle_), x.radius_}; }
  friend Ball operator+(const Ball& x, const Ball& y) {
    return rounded(x.middle_ + y.middle_, x.radius_ + y.radius_);
  }
  friend Ball operator-(const Ball& x, const Ball& y) {
    return rounded(x.middle_ - y.middle_, x.radius_ + y.radius_);
  }
  friend Ball operator*(const Ball& x, const Ball& y) {
    return rounded(x.middle_ * y.middle_,
                   x.size() * y.radius_ + x.radius_ * y.size() + x.radius_ * y.radius_);
  }
  /// x'/y' - x/y = ((x' - x) - (x/y) (y' - y)) / y'. Infinitely wide where y may be 0.
  friend Ball operator/(const Ball& x, const Ball& y) {
    const attention::DenseMpfr quotient = x.middle_ / y.middle_;
    const double least = y.size() * (1 - 0x1p-50) - y.radius_;
    if (!(least > 0)) return {quotient, HUGE_VAL};
    return rounded(quotient, (x.radius_ + size_of(quotient) * y.radius_) / least);
  }
  friend Ball exp(const Ball& x) {
    const attention::DenseMpfr power = exp(x.middle_);
    return rounded(power, size_of(power) * std::expm1(x.radius_));
  }
  /// Infinitely wide where x may be 0, but for an exact 0.
  friend Ball log(const Ball& x) {
    const attention::DenseMpfr logarithm = log(x.middle_);
    if (x.radius_ == 0) return rounded(logarithm, 0);
    const double least = x.size() * (1 - 0x1p-50) - x.radius_;
    return rounded(logarithm, least > 0 ? x.radius_ / least : HUGE_VAL);
  }
  Ball& operator+=(const Ball& y) { return *this = *this + y; }
  Ball& operator-=(const Ball& y) { return *this = *this - y; }
  Ball& operator*=(const Ball& y) { return *this = *this * y; }
  Ball& operator/=(const Ball& y) { return *this = *this / y; }

  // Of the middles. The dense form compares to choose a shift, and any shift gives the same exact result; and
  // with an infinity or a sum of no weights, which are exact.
  friend bool operator<(const Ball& x, const Ball& y) { return x.middle_ < y.middle_; }
  friend bool operator==(const Ball& x, const Ball& y) { return x.middle_ == y.middle_; }

 private:
  Ball(const attention::DenseMpfr& middle, double radius) : middle_(middle), radius_(radius) {}

  static double size_of(const attention::DenseMpfr& x) { return std::fabs(x.convert_to<double>()); }
  double size() const { return size_of(middle_); }
  /// Infinities stand for masked scores, and are exact.
  static Ball rounded(const attention::DenseMpfr& middle, double radius) {
    const double size = size_of(middle);
    return {middle, (radius + (std::isinf(size) ? 0 : size * 0x1p-200)) * (1 + 0x1p-40)};
  }

  attention::DenseMpfr middle_;
  double radius_ = 0;
};

}  // namespace attest::properties

template <>
struct std::numeric_limits<attest::properties::Ball> {
  static constexpr bool is_specialized = true, is_integer = false, is_signed = true;
  static attest::properties::Ball infinity() { return HUGE_VAL; }
};

namespace Eigen {
template <>
struct NumTraits<attest::properties::Ball> : GenericNumTraits<attest::properties::Ball> {
  enum {
    IsComplex = 0,
    IsInteger = 0,
    IsSigned = 1,
    RequireInitialization = 1,
    ReadCost = 4,
    AddCost = 8,
    MulCost = 16
  };
};
}  // namespace Eigen
