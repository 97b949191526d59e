// Merging associates: ((a b) c) and (a (b c)) have the same max and represent the same sums. A state is
// determined by these (state_determined.cpp), so they are equal.
#include "support/states.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

// m * x * (m_part / m_ab) * (m_ab / m), multiplied out one quotient at a time.
template <class World, class A, class Number>
void use_shares(World& world, const A& k, const attention::State<A>& part, const attention::State<A>& ab,
                const attention::State<A>& abc, const Number& x) {
  world.use(ShareLaw{}, weight_of(k, ab.m), weight_of(k, part.m), x);
  world.use(ShareLaw{}, weight_of(k, abc.m), weight_of(k, ab.m),
            x * (weight_of(k, part.m) / weight_of(k, ab.m)));
}

template <class World, class A>
void show_sums(World& world, const A& k, const attention::State<A>& a, const attention::State<A>& b,
               const attention::State<A>& ab, const attention::State<A>& c, const attention::State<A>& abc,
               const std::string& note) {
  for (const attention::State<A>& part : {a, b}) {
    use_shares(world, k, part, ab, abc, number_of(k, part.l));
    use_shares(world, k, part, ab, abc, number_of(k, part.o[0]));
  }
  world.use(ShareLaw{}, weight_of(k, abc.m), weight_of(k, c.m), number_of(k, c.l));
  world.use(ShareLaw{}, weight_of(k, abc.m), weight_of(k, c.m), number_of(k, c.o[0]));
  world.show("m * l = W, " + note,
             weight_sum(k, abc) == weight_sum(k, a) + weight_sum(k, b) + weight_sum(k, c));
  world.show("m * o = U, " + note, value_sum(k, abc) == value_sum(k, a) + value_sum(k, b) + value_sum(k, c));
}

}  // namespace

prove::Theorem merge_associates() {
  const auto statement = [](auto& world, const auto& k) {
    const auto a = any_state(world, k, "a");
    const auto b = any_state(world, k, "b");
    const auto c = any_state(world, k, "c");
    const auto ab = merge(k, a, b);
    const auto left = merge(k, ab, c);
    const auto bc = merge(k, b, c);
    const auto right = merge(k, a, bc);
    world.show("same m", weight_of(k, left.m) == weight_of(k, right.m));
    show_sums(world, k, a, b, ab, c, left, "(a b) c");
    show_sums(world, k, b, c, bc, a, right, "a (b c)");
  };
  return prove::about(
      "recurrence.hpp: merge",
      real_theorem(
          "merge-associates",
          "Merging three states in either bracketing gives the same max and the same sums, hence (by "
          "state-determined) the same state.",
          statement, FaultTwin{semantics::ArithmeticFault::numerator_not_rescaled}));
}

}  // namespace attest::proofs
