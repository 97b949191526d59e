// The error bound itself: |X| <= XB, |Y| <= YB < W give |X/D| <= XB / (W - YB), where D = W + Y.
#include "support/states.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

template <class World>
void show_bound(World& world, bool denominator_error) {
  const auto W = world.real("W");
  const auto X = world.real("X");
  const auto Y = world.real("Y");
  const auto XB = world.real("XB");
  const auto YB = world.real("YB");
  world.assume(-XB <= X && X <= XB);
  world.assume(-YB <= Y && Y <= YB);
  world.assume(YB < W);
  const auto D = W + Y;
  const auto least = denominator_error ? W - YB : W;
  world.lemma("D > 0", D > 0);
  world.lemma("W - YB > 0", W - YB > 0);
  world.use(QuotientLaw{}, X, D);
  world.use(QuotientLaw{}, XB, least);
  const auto error = X / D;
  const auto bound = XB / least;
  world.lemma("the bound is no less than 0", bound >= 0);
  world.lemma("bound * D is no less than XB", XB <= bound * D);
  world.use(DivideLaw{}, X, D, bound);
  world.use(DivideLaw{}, -X, D, bound);
  world.show("X/D <= XB / (W - YB)", error <= bound);
  world.show("-X/D <= XB / (W - YB)", -X / D <= bound);
}

}  // namespace

prove::Theorem e1_quotient() {
  const auto statement = [](auto& world, const auto&) { show_bound(world, true); };
  const auto without = [](auto& world, const auto&) { show_bound(world, false); };
  return prove::about(
      prove::kBoundArithmetic,
      real_theorem("e1-quotient", "|X| <= XB and |Y| <= YB < W give |X/D| <= XB / (W - YB), with D = W + Y.",
                   statement, OtherTwin{"divided by W", without}));
}

}  // namespace attest::proofs
