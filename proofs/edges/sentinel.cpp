// The state of no keys must be (-inf, 0, 0): after the first visible key the max is its score and the
// denominator is 1. A finite sentinel in place of -inf, or a stored 0, becomes the max of a row whose scores
// lie below it: its denominator falls below 1, and to 0 where the exponential underflows (0 / 0). Bit by bit
// in f16, which holds -1e4 and -5e4 (as -9,992 to -10,000 and -50,016: the nearest numbers).
#include <fmt/format.h>

#include "attention/guarded.hpp"
#include "support/float_theorem.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

template <class World, class A>
void show_first_key(World& world, const A& k, double start) {
  const auto s = world.number("s");
  world.assume(is_finite(s));
  attention::State<A> state{as_score(k, world.constant(start)), k.zero(), {}};
  guarded_absorb(k, state, std::vector{as_score(k, s)}, std::vector<std::vector<typename A::Acc>>(1));
  world.show("m = s", score_value(k, state.m) == s);
  world.show("l = 1", number_of(k, state.l) == world.constant(1));
}

prove::Theorem sentinel(const std::string& name, const std::string& twin, double start) {
  return prove::about(
      "guarded.hpp: guarded_absorb",
      float_theorem(
          "sentinel-" + name,
          "In f16, the first visible key after the state of no keys has the max to itself and weight 1.",
          kBinary16, [](auto& world, const auto& k) { show_first_key(world, k, -HUGE_VAL); }, twin,
          [start](auto& world, const auto& k) { show_first_key(world, k, start); }, 2));
}

}  // namespace

prove::Theorem sentinel_1e4() { return sentinel("1e4", "the max starts at -1e4", -10000); }
prove::Theorem sentinel_5e4() { return sentinel("5e4", "the max starts at -5e4", -50016); }
prove::Theorem sentinel_zero() { return sentinel("zero", "the max of an empty tile stored as 0", 0); }

}  // namespace attest::proofs
