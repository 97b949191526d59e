#include "bound_attack/emulator/rounded_arithmetic.hpp"

#include <algorithm>
#include <cmath>

namespace attest::attack {
namespace {

// Perturbations stay this far inside the limit, so that the 64-bit evaluation's own roundings fit.
constexpr Real kInside = 1 - 0x1p-10L;

Real toward_zero_to(const Format& format, Real x) {
  if (x == 0 || !std::isfinite(x)) return x;
  const int exponent = std::max(std::ilogb(x), format.emin);
  const int quantum = exponent - format.precision + 1;
  const Real cut = std::ldexp(std::trunc(std::ldexp(x, -quantum)), quantum);
  return std::clamp(cut, -static_cast<Real>(format.max_finite()), static_cast<Real>(format.max_finite()));
}

Real unit_roundoff(const Unit& unit) { return static_cast<Real>(unit.format.unit_roundoff(unit.rounding)); }

}  // namespace

// `exact` is a double, or a 64-bit result where the format is wider than 25 bits.
Real RoundedArithmetic::natural(const Unit& unit, Real exact) const {
  Real result = 0;
  if (unit.rounding == Rounding::toward_zero) {
    result = toward_zero_to(unit.format, exact);
  } else if (unit.format == kBinary32) {
    result = static_cast<float>(static_cast<double>(exact));
  } else {
    result = round_to(unit.format, static_cast<double>(exact), unit.rounding);
  }
  const bool flush = underflow_ != oracle::Underflow::gradual;
  return flush && std::fabs(result) < unit.format.min_normal() ? 0 : result;
}

// In [-1, 1]: how much of the largest error is committed.
Real RoundedArithmetic::share(int push) {
  if (style_ == Style::jittered) return static_cast<Real>(2 * random_.unit() - 1) * kInside;
  return static_cast<Real>(push == 0 ? random_.sign() : push) * kInside;
}

Real RoundedArithmetic::perturbed(const Unit& unit, Real exact, int push, bool exact_if_subnormal,
                                  Real largest) {
  if (exact == 0 || !std::isfinite(exact)) return exact;
  const Real d = share(push);
  const bool nearest = style_ == Style::jittered && unit.rounding == Rounding::nearest_even;
  const Real error = unit_roundoff(unit) * std::fabs(exact);
  Real result = exact + d * (nearest ? std::min(error, largest) : error);
  if (std::fabs(exact) < unit.format.min_normal()) {
    if (underflow_ != oracle::Underflow::gradual)
      return d * static_cast<Real>(sign_of(exact)) < 0 ? 0 : result;
    Real lambda = static_cast<Real>(unit.format.min_subnormal()) *
                  (unit.rounding == Rounding::nearest_even ? 0.5L : 1.0L);
    if (nearest) lambda = std::min(lambda, std::fabs(exact));  // 0 is a number of the format
    result = exact_if_subnormal ? exact : exact + d * lambda;
  }
  if (std::fabs(result) > unit.format.max_finite()) return std::copysign(HUGE_VALL, result);
  return result;
}

template <class Op>
Real RoundedArithmetic::rounded(const Unit& unit, Op op, Real a, Real b, int push, bool exact_if_subnormal,
                                Real largest) {
  if (style_ != Style::natural) return perturbed(unit, op(a, b), push, exact_if_subnormal, largest);
  if (unit.format == kBinary64 && unit.rounding != Rounding::nearest_even) return natural(unit, op(a, b));
  return natural(unit, op(static_cast<double>(a), static_cast<double>(b)));
}

Real RoundedArithmetic::add(const Unit& unit, Real a, Real b, int push) {
  if (style_ != Style::natural && (a == 0 || b == 0)) return a + b;
  // Either operand is a number of the format, and the nearest is no further away than they are.
  const Real largest = std::min(std::fabs(a), std::fabs(b));
  return rounded(
      unit, [](auto x, auto y) { return x + y; }, a, b, push, true, largest);
}

Real RoundedArithmetic::mul(const Unit& unit, Real a, Real b, int push) {
  return rounded(
      unit, [](auto x, auto y) { return x * y; }, a, b, push, false);
}

Real RoundedArithmetic::div(const Unit& unit, Real a, Real b, int push) {
  return rounded(
      unit, [](auto x, auto y) { return x / y; }, a, b, push, false);
}

Real RoundedArithmetic::fma(const Unit& unit, Real a, Real b, Real c, int push) {
  if (style_ != Style::natural) return perturbed(unit, a * b + c, push, false, std::fabs(a * b));
  const double exact_enough =
      std::fma(static_cast<double>(a), static_cast<double>(b), static_cast<double>(c));
  return natural(unit, exact_enough);
}

Real RoundedArithmetic::store(const Unit& unit, Real x, int push) {
  if (style_ != Style::natural) return perturbed(unit, x, push, false);
  return natural(unit, x);
}

Real RoundedArithmetic::block_add(const Unit& unit, Real accumulator, std::span<const Real> terms,
                                  bool products, int push) {
  Real largest = std::fabs(accumulator);
  Real sum = accumulator;
  for (const Real term : terms) {
    largest = std::max(largest, std::fabs(term));
    sum += term;
  }
  if (largest == 0) return 0;
  const Unit cutting{unit.format, Rounding::toward_zero};
  if (style_ != Style::natural) {
    const bool first_is_exact = accumulator == 0 && !products;
    const auto roundings = static_cast<Real>(terms.size() + (first_is_exact ? 0 : 1));
    return sum + share(push) * roundings * unit_roundoff(cutting) * largest;
  }
  const int quantum = std::max(std::ilogb(largest), unit.format.emin) - unit.format.precision + 1;
  const auto cut = [&](Real x) { return std::trunc(std::ldexp(x, -quantum)); };
  Real grid_sum = cut(accumulator);
  for (const Real term : terms) grid_sum += cut(term);
  return natural(cutting, std::ldexp(grid_sum, quantum));
}

Real RoundedArithmetic::approximate(const Unit& unit, Real exact, double rel, double abs, int push) {
  if (!std::isfinite(exact)) return exact;
  const auto u = static_cast<Real>(unit.format.unit_roundoff());
  Real relative = static_cast<Real>(rel);
  Real absolute = static_cast<Real>(abs);
  const bool representable = style_ == Style::natural && rel >= static_cast<double>(2 * u);
  if (representable) {  // leave room for the store
    relative -= 2 * u;
    absolute *= 1 - 2 * u;
  }
  const Real chosen =
      push == 0 || style_ == Style::jittered ? share(push) : static_cast<Real>(push) * kInside;
  const Real d = (function_side_ == 0 ? chosen : static_cast<Real>(function_side_) * kInside) *
                 static_cast<Real>(function_error_);
  const Real result = exact + d * (relative * std::fabs(exact) + absolute);
  if (representable) return static_cast<Real>(round_to(unit.format, static_cast<double>(result)));
  return style_ == Style::natural ? static_cast<Real>(static_cast<double>(result)) : result;
}

Real RoundedArithmetic::exponential(const Unit& unit, Real exact, double rel, double abs, int push) {
  if (function_side_ != 0 && exact == 1) return 1;
  Real result = std::max<Real>(0, approximate(unit, exact, rel, abs, push));
  // Most vector exponentials return 0 here whatever the declared underflow.
  const bool lost = exact < unit.format.min_normal() && (push < 0 || (push == 0 && random_.flip()));
  if (lost) result = 0;
  return result;
}

Real RoundedArithmetic::input(const Format& format, const Format& type, double x) const {
  const double least = std::max(format.min_normal(), type.min_normal());
  const bool flush = underflow_ == oracle::Underflow::flush_inputs && std::fabs(x) < least;
  return flush ? 0 : static_cast<Real>(x);
}

}  // namespace attest::attack
