#include "semantics/z3_exp.hpp"

#include <bit>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>

namespace attest::semantics {
namespace {

// IEEE == of floats; Z3's own == on them is structural (NaN = NaN, 0 != -0).
z3::expr equal(const z3::expr& x, const z3::expr& y) { return z3::fp_eq(x, y); }

}  // namespace

z3::sort z3_sort(z3::context& context, const Format& format) {
  const auto binades = static_cast<unsigned>(format.emax + 1);
  assert(format.emin == 1 - format.emax && std::has_single_bit(binades));
  return context.fpa_sort(static_cast<unsigned>(std::bit_width(binades)),
                          static_cast<unsigned>(format.precision));
}

// By its bits: Z3_mk_fpa_numeral_double loses subnormals of narrow formats (Z3 4.8.12).
z3::expr z3_numeral(z3::context& context, const Format& format, double value) {
  const z3::sort sort = z3_sort(context, format);
  if (std::isnan(value)) return context.fpa_nan(sort);
  assert(round_to(format, value) == value);
  const double magnitude = std::fabs(value);
  const bool subnormal = magnitude < format.min_normal();
  const int exponent = std::isinf(value) ? format.emax + 1 : subnormal ? format.emin : std::ilogb(magnitude);
  const double hidden_bit = std::ldexp(1.0, format.precision - 1);
  const double significand =
      std::isinf(value) ? hidden_bit : std::ldexp(magnitude, format.precision - 1 - exponent);
  const auto biased = static_cast<std::uint64_t>(subnormal ? 0 : exponent + format.emax);
  const auto fraction = static_cast<std::uint64_t>(subnormal ? significand : significand - hidden_bit);
  const unsigned fraction_bits = sort.fpa_sbits() - 1;
  const std::uint64_t bits = (std::uint64_t{std::signbit(value)} << (fraction_bits + sort.fpa_ebits())) |
                             (biased << fraction_bits) | fraction;
  return context.bv_val(bits, sort.fpa_sbits() + sort.fpa_ebits()).mk_from_ieee_bv(sort).simplify();
}

double z3_value(const z3::expr& term, const Format& format) {
  const z3::expr numeral = term.simplify();
  if (numeral.mk_is_nan().simplify().is_true()) return std::numeric_limits<double>::quiet_NaN();
  std::uint64_t bits = 0;
  if (!numeral.mk_to_ieee_bv().simplify().is_numeral_u64(bits)) {
    throw std::invalid_argument("not a number: " + numeral.to_string());
  }
  const auto fraction_bits = static_cast<unsigned>(format.precision - 1);
  const auto exponent_bits = term.get_sort().fpa_ebits();
  const auto fraction = static_cast<double>(bits & ((std::uint64_t{1} << fraction_bits) - 1));
  const auto biased = static_cast<int>(bits >> fraction_bits & ((std::uint64_t{1} << exponent_bits) - 1));
  const double sign = (bits >> (fraction_bits + exponent_bits) & 1U) != 0 ? -1 : 1;
  if (biased == 2 * format.emax + 1) return sign * HUGE_VAL;
  const double significand = fraction + (biased == 0 ? 0 : std::ldexp(1.0, format.precision - 1));
  const int exponent = biased == 0 ? format.emin : biased - format.emax;
  return sign * std::ldexp(significand, exponent - format.precision + 1);
}

ContractExp::ContractExp(z3::context& context, const Format& format)
    : format_(format),
      exp_(context.function("attest_exp", z3_sort(context, format), z3_sort(context, format))),
      axioms_(context) {}

z3::expr ContractExp::operator()(const z3::expr& x) const {
  z3::context& context = x.ctx();
  const z3::expr zero = z3_numeral(context, format_, 0);
  const z3::expr one = z3_numeral(context, format_, 1);
  const z3::expr y = exp_(x);
  axioms_.push_back(z3::implies(x.mk_is_nan(), y.mk_is_nan()));
  axioms_.push_back(z3::implies(x <= zero, zero <= y && y <= one));
  axioms_.push_back(z3::implies(equal(x, zero), equal(y, one)));
  axioms_.push_back(z3::implies(equal(x, z3_numeral(context, format_, -HUGE_VAL)), equal(y, zero)));
  return y;
}

z3::expr TableExp::operator()(const z3::expr& x) const {
  z3::context& context = x.ctx();
  z3::expr y = z3_numeral(context, format_, std::numeric_limits<double>::quiet_NaN());
  for (const auto& [argument, result] : table_) {
    y = z3::ite(equal(x, z3_numeral(context, format_, argument)), z3_numeral(context, format_, result), y);
  }
  return y;
}

}  // namespace attest::semantics
