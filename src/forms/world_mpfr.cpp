#include "forms/multiprecision_world.hpp"

namespace attest {
namespace {

struct Mpfr200 {
  using A = Mpfr;
  static constexpr SemanticsEntry kEntry{
      .name = "MPFR",
      .meaning = "MPFR at 200 bits; within a derived bound, about n 2^-198, of sums at 400 bits"};
  static constexpr double kError = 0x1p-200;
  static constexpr double kUnderflow = 0;  // the exponents are 62 bits wide
  A k{200};

  A::Number number(double x) const { return k.number(x); }
  static Mpfr::Number wide(const Mpfr& wide, const A::Number& x) { return wide.add(x, wide.zero()); }
};

}  // namespace

std::unique_ptr<FormWorld> make_mpfr_world() {
  return std::make_unique<WorldOf<MultiprecisionWorld<Mpfr200>>>();
}

}  // namespace attest
