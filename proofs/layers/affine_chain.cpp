// Segments of a linear recurrence: the map of two in turn is (a1 a2, a2 b1 + b2), which does to any state
// what the two do, and is associative. So a scan may bracket its segments in any way, and (by induction) the
// map of any number of tokens does what they do one by one. Retention and the selective scan are of this
// kind, with a diagonal a; linear attention is with a = 1.
#include "attention/cells/affine.hpp"
#include "support/states.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

template <class World, class A>
attention::Affine<A> any_map(World& world, const A& k, const std::string& name) {
  return {{as_acc(k, world.real("a" + name))}, {as_acc(k, world.real("b" + name))}};
}

template <class A>
attention::Affine<A> chained(const A& k, attention::Affine<A> first, const attention::Affine<A>& then) {
  chain_into(k, first, then);
  return first;
}

template <class World, class A>
void show_same_map(World& world, const A& k, const attention::Affine<A>& x, const attention::Affine<A>& y,
                   const std::string& note) {
  world.show("same a" + note, number_of(k, x.a[0]) == number_of(k, y.a[0]));
  world.show("same b" + note, number_of(k, x.b[0]) == number_of(k, y.b[0]));
}

template <class World, class A>
void show_applied(World& world, const A& k, const attention::Affine<A>& first,
                  const attention::Affine<A>& then, const attention::Affine<A>& both) {
  std::vector<typename A::Acc> h{as_acc(k, world.real("h"))};
  auto h_both = h;
  apply(k, first, h);
  apply(k, then, h);
  apply(k, both, h_both);
  world.show("the chain does what both do", number_of(k, h[0]) == number_of(k, h_both[0]));
}

}  // namespace

prove::Theorem affine_chain() {
  const auto statement = [](auto& world, const auto& k) {
    const auto x = any_map(world, k, "1");
    const auto y = any_map(world, k, "2");
    const auto z = any_map(world, k, "3");
    show_applied(world, k, x, y, chained(k, x, y));
    show_same_map(world, k, chained(k, chained(k, x, y), z), chained(k, x, chained(k, y, z)),
                  ", associative");
    const auto nothing = attention::Affine<std::decay_t<decltype(k)>>{{k.one()}, {k.zero()}};
    show_same_map(world, k, chained(k, nothing, x), x, ", nothing before");
    show_same_map(world, k, chained(k, x, nothing), x, ", nothing after");
  };
  const auto swapped = [](auto& world, const auto& k) {
    const auto x = any_map(world, k, "1");
    const auto y = any_map(world, k, "2");
    show_applied(world, k, x, y, chained(k, y, x));
  };
  return prove::about(
      "cells/affine.hpp: apply, chain_into",
      real_theorem("affine-chain",
                   "Segments of a linear recurrence chain as (a1 a2, a2 b1 + b2): that does what both do, is "
                   "associative, and has an identity.",
                   statement, OtherTwin{"chained in the other order", swapped}));
}

}  // namespace attest::proofs
