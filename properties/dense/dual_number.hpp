// Dual numbers as an Eigen scalar: the definition of attention, run in them, is its own derivative along one
// direction (forward-mode differentiation).
//
// semantics/dual.hpp has the same over a semantics, for the recurrence; this one has operators.
#pragma once

#include <limits>

#include <Eigen/Core>

namespace attest::properties {

template <class T>
struct DualNumber {
  T value{0};
  T slope{0};

  DualNumber(const T& x = T(0), const T& dx = T(0)) : value(x), slope(dx) {}  // NOLINT: constants convert
  DualNumber(double x) : value(x) {}                                          // NOLINT
  DualNumber(int x) : value(x) {}                                             // NOLINT

  friend DualNumber operator-(const DualNumber& x) { return {-x.value, -x.slope}; }
  friend DualNumber operator+(const DualNumber& x, const DualNumber& y) {
    return {x.value + y.value, x.slope + y.slope};
  }
  friend DualNumber operator-(const DualNumber& x, const DualNumber& y) {
    return {x.value - y.value, x.slope - y.slope};
  }
  friend DualNumber operator*(const DualNumber& x, const DualNumber& y) {
    return {x.value * y.value, x.slope * y.value + x.value * y.slope};
  }
  friend DualNumber operator/(const DualNumber& x, const DualNumber& y) {
    const T quotient = x.value / y.value;
    return {quotient, (x.slope - quotient * y.slope) / y.value};
  }
  friend DualNumber exp(const DualNumber& x) {
    const T power = exp(x.value);
    return {power, power * x.slope};
  }
  friend DualNumber log(const DualNumber& x) { return {log(x.value), x.slope / x.value}; }
  DualNumber& operator+=(const DualNumber& y) { return *this = *this + y; }
  DualNumber& operator-=(const DualNumber& y) { return *this = *this - y; }
  DualNumber& operator*=(const DualNumber& y) { return *this = *this * y; }
  DualNumber& operator/=(const DualNumber& y) { return *this = *this / y; }

  friend bool operator<(const DualNumber& x, const DualNumber& y) { return x.value < y.value; }
  friend bool operator==(const DualNumber& x, const DualNumber& y) { return x.value == y.value; }
};

}  // namespace attest::properties

template <class T>
struct std::numeric_limits<attest::properties::DualNumber<T>> {
  static constexpr bool is_specialized = true, is_integer = false, is_signed = true;
  static attest::properties::DualNumber<T> infinity() { return std::numeric_limits<T>::infinity(); }
};

namespace Eigen {
template <class T>
struct NumTraits<attest::properties::DualNumber<T>> : GenericNumTraits<attest::properties::DualNumber<T>> {
  enum {
    IsComplex = 0,
    IsInteger = 0,
    IsSigned = 1,
    RequireInitialization = 1,
    ReadCost = 8,
    AddCost = 16,
    MulCost = 48
  };
};
}  // namespace Eigen
