#include "forms/multiprecision_world.hpp"
#include "semantics/double_double.hpp"

namespace attest {
namespace {

struct TwoDoubles {
  using A = DoubleDouble;
  static constexpr SemanticsEntry kEntry{
      .name = "double-double",
      .meaning = "sums of two doubles; within a derived bound, about n 2^-96, of sums at 400 bits",
      .total = false};
  // double_double.hpp: the exponential errs most. It loses bits below exp(-650), which is less than 2^-937.
  static constexpr double kError = 0x1p-98;
  static constexpr double kUnderflow = 0x1p-937;
  A k;

  static A::Number number(double x) { return {x, 0}; }
  static Mpfr::Number wide(const Mpfr& wide, const A::Number& x) {
    return wide.add(wide.number(x.high), wide.number(x.low));
  }
};

}  // namespace

std::unique_ptr<FormWorld> make_double_double_world() {
  return std::make_unique<WorldOf<MultiprecisionWorld<TwoDoubles>>>();
}

}  // namespace attest
