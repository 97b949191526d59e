// A denominator that grows by one key at a time stops at 2^p (p bits of precision): l <= 2^p is inductive,
// rescaling included, since 2^p + 1 lies halfway to 2^p + 2 and rounds to even. There it stays for as long as
// the max does, whatever is added. So a contract whose sums are sequential cannot hold beyond 2^11 = 2,048
// keys of equal weight in f16, 2^8 = 256 in bf16, 2^24 = 16,777,216 in f32. The numerator of values 1 is the
// same sum. Sums of sums (trees, splits) do not saturate: that is the twin.
#include <fmt/format.h>

#include "attention/online.hpp"
#include "support/float_theorem.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

template <class World, class Number>
void assume_state(World& world, const Number& m, const Number& l, double limit) {
  world.assume(is_finite(m));
  world.assume(world.constant(1) <= l && l <= world.constant(limit));
}

template <class World, class A>
void show_key(World& world, const A& k, double limit) {
  using Acc = typename A::Acc;
  const auto m = world.number("m");
  const auto l = world.number("l");
  const auto s = world.number("s");
  assume_state(world, m, l, limit);
  world.assume(is_finite(s));
  const auto absorbed = [&](const auto& before) {
    attention::State<A> state{as_score(k, m), as_acc(k, before), {}};
    absorb(k, state, std::vector{as_score(k, s)}, std::vector<std::vector<Acc>>(1));
    return number_of(k, state.l);
  };
  world.show("l <= 2^p", absorbed(l) <= world.constant(limit));
  world.show("2^p stays while the max does",
             implies(s <= m, absorbed(world.constant(limit)) == world.constant(limit)));
}

template <class World, class A>
void show_tree(World& world, const A& k, double limit) {
  const auto m_a = world.number("m_a");
  const auto l_a = world.number("l_a");
  const auto m_b = world.number("m_b");
  const auto l_b = world.number("l_b");
  assume_state(world, m_a, l_a, limit);
  assume_state(world, m_b, l_b, limit);
  attention::State<A> state{as_score(k, m_a), as_acc(k, l_a), {}};
  merge_into(k, state, attention::State<A>{as_score(k, m_b), as_acc(k, l_b), {}});
  world.show("l <= 2^p", number_of(k, state.l) <= world.constant(limit));
}

prove::Theorem saturation(const Format& format, double cost) {
  const std::string name(format_name(format));
  const double limit = std::ldexp(1.0, format.precision);
  return prove::about(
      "online.hpp: absorb",
      float_theorem(
          "saturation-" + name,
          fmt::format(
              "In {}, a denominator that grows key by key never exceeds {} = 2^{}, and stays there while the "
              "max does: no sequential sum holds more keys of equal weight.",
              name, static_cast<std::int64_t>(limit), format.precision),
          format, [limit](auto& world, const auto& k) { show_key(world, k, limit); },
          "states merged as a tree", [limit](auto& world, const auto& k) { show_tree(world, k, limit); },
          cost));
}

}  // namespace

prove::Theorem saturation_f16() { return saturation(kBinary16, 10); }
prove::Theorem saturation_bf16() { return saturation(kBfloat16, 10); }
prove::Theorem saturation_f32() { return saturation(kBinary32, 30); }

}  // namespace attest::proofs
