// The rescale factor is at most 1, and |o| <= l survives rounding for values up to 1 (so |o| <= l max|v|
// where max|v| is a power of two, which scales every rounding), key by key, rescaling included: the computed
// output does not leave the range of the values by more than its own division's rounding.
//
// In every format at once (z3_rounded). Bit by bit only in 8-bit formats; f16 and f32 are out of reach of
// both solvers, which multiply two unknown significands, and are named as such.
#include <fmt/format.h>

#include "attention/online.hpp"
#include "semantics/emulated.hpp"
#include "support/float_theorem.hpp"
#include "support/rounded_theorem.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

template <class World, class A>
void show_key(World& world, const A& k, bool numerator_rescaled) {
  const auto zero = world.constant(0);
  const auto one = world.constant(1);
  const auto m = world.number("m");
  const auto l = world.number("l");
  const auto o = world.number("o");
  const auto s = world.number("s");
  const auto v = world.number("v");
  world.assume(one <= l && l <= world.constant(16));
  world.assume(o <= l && zero <= o);  // -o likewise: rounding is odd
  world.assume(v <= one && zero <= v);
  world.assume(m == m && s == s && m <= world.constant(64) && s <= world.constant(64));
  world.assume(zero <= m && zero <= s);
  const auto m_next = k.max(as_score(k, m), as_score(k, s));
  const auto factor = k.exp(k.sub(as_score(k, m), m_next));
  world.show("0 <= rescale factor <= 1", zero <= number_of(k, factor) && number_of(k, factor) <= one);
  attention::State<A> state{as_score(k, m), as_acc(k, l), {as_numerator(k, o)}};
  const std::vector<std::vector<typename A::Acc>> value(1, {as_acc(k, v)});
  if (numerator_rescaled) {
    absorb(k, state, std::vector{as_score(k, s)}, value);
  } else {
    world.assume(m == zero && l == one && o == one && v == one);  // one case is enough to refute
    state.l = k.mul(state.l, factor);
    accumulate(k, state, m_next, std::vector{as_score(k, s)}, value);
  }
  world.show("|o| <= l",
             number_of(k, state.o[0]) <= number_of(k, state.l) && zero <= number_of(k, state.o[0]));
}

constexpr const char* kTwin = "numerator not rescaled";

prove::Theorem bit_by_bit(const Format& format, const std::string& name, double cost) {
  prove::Theorem theorem = prove::about(
      "online.hpp: absorb",
      float_theorem(
          "numerator-within-" + name,
          fmt::format("In {}, the rescale factor is at most 1 and |o| <= l is kept for values up to 1.",
                      name),
          format, [](auto& world, const auto& k) { show_key(world, k, true); }, kTwin,
          [](auto& world, const auto& k) { show_key(world, k, false); }, cost));
  theorem.semantics = "z3_fp " + name;
  theorem.cvc5_seconds = 2;
  return theorem;
}

prove::Theorem beyond_reach(const Format& format, const std::string& name) {
  prove::Theorem theorem = bit_by_bit(format, name, 5);
  theorem.out_of_reach = "products of two unknown significands; numerator-within covers every format";
  return theorem;
}

}  // namespace

prove::Theorem numerator_within() {
  return prove::about("online.hpp: absorb",
                      rounded_theorem(
                          "numerator-within",
                          "In every format, the rescale factor is at most 1 and |o| <= l is "
                          "kept, key by key, for values up to "
                          "1.",
                          [](auto& world, const auto& k) { show_key(world, k, true); }, kTwin,
                          [](auto& world, const auto& k) { show_key(world, k, false); }));
}
prove::Theorem numerator_within_e4m3() { return bit_by_bit(semantics::kFloat1e4m3, "e4m3", 15); }
prove::Theorem numerator_within_f16() { return beyond_reach(kBinary16, "f16"); }
prove::Theorem numerator_within_f32() { return beyond_reach(kBinary32, "f32"); }

}  // namespace attest::proofs
