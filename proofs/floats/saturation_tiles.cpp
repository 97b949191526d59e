// Tile by tile, a sum stops at b * 2^p (tiles of b keys, b a power of two, p bits of precision): with B such
// that B + b rounds to B, l <= B and |o| <= B (values up to 1) are inductive over tiles, rescaling included,
// in every format and for every tile size. That B = b * 2^p is such a number is one rounding, tried for every
// width and format in the tests.
#include "attention/online.hpp"
#include "support/rounded_theorem.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

template <class Number>
auto at_most(const Number& x, const Number& bound) {
  return -bound <= x && x <= bound;
}

template <class World, class A, class Number>
attention::State<A> any_sums(World& world, const A& k, const std::string& name, const Number& limit) {
  const auto m = world.number("m_" + name);
  const auto l = world.number("l_" + name);
  const auto o = world.number("o_" + name);
  world.assume(world.constant(0) <= l && l <= limit);
  world.assume(at_most(o, limit));
  return {as_score(k, m), as_acc(k, l), {as_acc(k, o)}};
}

template <class World, class A, class Number>
void show_within(World& world, const A& k, const attention::State<A>& state, const Number& limit,
                 const std::string& note) {
  world.show("l within its limit, " + note,
             world.constant(0) <= number_of(k, state.l) && number_of(k, state.l) <= limit);
  world.show("|o| within its limit, " + note, at_most(number_of(k, state.o[0]), limit));
}

// One more key of a tile: a sum of at most j becomes one of at most j + 1.
template <class World, class A>
void show_tile(World& world, const A& k) {
  const auto j = world.number("j");
  world.assume(world.constant(0) <= j);
  const auto next = j + world.constant(1);
  suppose_exact(world, k, j);
  suppose_exact(world, k, next);
  auto tile = any_sums(world, k, "tile", j);
  const auto s = world.number("s");
  const auto v = world.number("v");
  world.assume(at_most(v, world.constant(1)));
  world.assume(s <= score_value(k, tile.m));
  const std::vector<std::vector<typename A::Acc>> value(1, {as_acc(k, v)});
  accumulate(k, tile, tile.m, std::vector{as_score(k, s)}, value);
  show_within(world, k, tile, next, "key");
}

template <class World, class A>
void show_merge(World& world, const A& k, bool of_tiles) {
  const auto b = world.number("b");
  const auto B = world.number("B");
  if (of_tiles) {
    world.assume(world.constant(1) <= b && b <= B);
  } else {
    world.assume(b == world.constant(1) && B == world.constant(2048));
  }
  suppose_exact(world, k, b);
  suppose_exact(world, k, B);
  suppose_absorbed(world, k, B, b);
  auto state = any_sums(world, k, "a", B);
  const auto other = any_sums(world, k, "b", of_tiles ? b : B);
  if (!of_tiles) world.assume(number_of(k, state.l) == B && number_of(k, other.l) == B);
  merge_into(k, state, other);
  show_within(world, k, state, B, "tile");
}

}  // namespace

prove::Theorem saturation_tiles() {
  const auto statement = [](auto& world, const auto& k) {
    show_tile(world, k);
    show_merge(world, k, true);
  };
  const auto tree = [](auto& world, const auto& k) { show_merge(world, k, false); };
  return prove::about(
      "online.hpp: accumulate",
      rounded_theorem("saturation-tiles",
                      "In every format, sums of values up to 1 that grow by tiles of b keys, b a power of "
                      "two, never exceed b * "
                      "2^p where that is finite: beyond that many keys of equal weight they do not count.",
                      statement, "states merged as a tree", tree));
}

}  // namespace attest::proofs
