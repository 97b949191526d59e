// E1 at the end of the row: with o the exact output (o W = U), the computed output errs by exactly X / D.
#include "support/states.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

template <class World, class A>
void show_end(World& world, const A& k, bool o_is_the_output) {
  const auto W = world.real("W");
  const auto U = world.real("U");
  const auto o = world.real("o");
  const auto X = world.real("X");
  const auto Y = world.real("Y");
  world.assume(W > 0);
  world.assume(W + Y > 0);
  if (o_is_the_output) world.assume(o * W == U);
  const auto D = W + Y;
  const auto N = X + (U - o * W) + o * D;
  const auto output =
      number_of(k, finalize(k, attention::State<A>{k.origin(), as_acc(k, D), {as_numerator(k, N)}})[0]);
  world.use(QuotientLaw{}, N, D);
  world.show("(N/D - o) * D = X", (output - o) * D == X);
}

}  // namespace

prove::Theorem e1_end() {
  const auto statement = [](auto& world, const auto& k) { show_end(world, k, true); };
  const auto any_o = [](auto& world, const auto& k) { show_end(world, k, false); };
  return prove::about(
      "recurrence.hpp: finalize",
      real_theorem("e1-end",
                   "At the end, with oW = U: the computed output N/D differs from o by exactly X/D.",
                   statement, OtherTwin{"o is not the exact output", any_o}));
}

}  // namespace attest::proofs
