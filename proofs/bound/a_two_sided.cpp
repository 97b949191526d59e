// The bound A of the common error holds on both sides. Upper and lower factors P and Q of a weight start as
// e^x and e^-x and collect factors 1 + e and 1 - e: from P >= Q > 0 and P + Q >= 2 (true of e^x, e^-x) the
// same follows of P (1 + e) and Q (1 - e). So 1 - Q <= P - 1: a weight that errs downwards errs by no more
// than A = P - 1.
#include "support/states.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

template <class World>
void show_factor(World& world, bool ordered) {
  const auto P = world.real("P");
  const auto Q = world.real("Q");
  const auto e = world.real("e");
  if (ordered) world.assume(Q <= P);
  world.assume(Q > 0);
  world.assume(P + Q >= 2);
  world.assume(e >= 0);
  world.assume(e < 1);
  const auto upper = P * (1 + e);
  const auto lower = Q * (1 - e);
  world.show("upper + lower >= 2", upper + lower >= 2);
  world.show("upper >= lower", lower <= upper);
  world.show("lower > 0", lower > 0);
}

}  // namespace

prove::Theorem a_two_sided() {
  const auto statement = [](auto& world, const auto&) { show_factor(world, true); };
  const auto unordered = [](auto& world, const auto&) { show_factor(world, false); };
  return prove::about(
      prove::kBoundArithmetic,
      real_theorem("a-two-sided",
                   "The bound of the common error is two-sided: P >= Q > 0, P + Q >= 2 and 0 <= e < 1 give "
                   "P(1+e) + Q(1-e) >= 2, and P(1+e) >= Q(1-e) > 0.",
                   statement, OtherTwin{"P and Q in any order", unordered}));
}

}  // namespace attest::proofs
