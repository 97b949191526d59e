// No NaN arises in m and l in the guarded online step, and the denominator stays at 1 or more, whatever exp
// returns within its contract (z3_exp.hpp); masked keys (score -inf) included, also before the first visible
// one. (Of o nothing is said: values near the top of the range may overflow it, and inf * 0 is NaN.)
//
// Inductive: the max and the denominator are (-inf, 0) while no key was visible, and both finite with l >= 1
// after. Bit by bit in f16, bf16 and f32. Without the guard a fully masked row gives (-inf) - (-inf) = NaN.
#include <fmt/format.h>

#include "attention/guarded.hpp"
#include "support/float_theorem.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

template <class World, class A>
void show_step(World& world, const A& k) {
  using Acc = typename A::Acc;
  const auto nothing = world.constant(-HUGE_VAL);
  const auto invariant = [&](const auto& m, const auto& l) {
    return (m == nothing && l == world.constant(0)) ||
           (is_finite(m) && is_finite(l) && world.constant(1) <= l);
  };
  const auto m = world.number("m");
  const auto l = world.number("l");
  const auto s = world.number("s");
  world.assume(invariant(m, l));
  world.assume(s == nothing || is_finite(s));
  attention::State<A> state{as_score(k, m), as_acc(k, l), {}};
  guarded_absorb(k, state, std::vector{as_score(k, s)}, std::vector<std::vector<Acc>>(1));
  const auto m_next = score_value(k, state.m);
  const auto l_next = number_of(k, state.l);
  world.show("no NaN", !is_nan(m_next) && !is_nan(l_next));
  world.show("both -inf and 0, or finite with l >= 1", invariant(m_next, l_next));
}

prove::Theorem no_nan(const Format& format, double cost) {
  const std::string name(format_name(format));
  return prove::about(
      "guarded.hpp: guarded_absorb",
      float_theorem(
          "no-nan-" + name,
          fmt::format("In {}, the guarded online step keeps m and l free of NaN and l >= 1 once a key "
                      "was visible, masked keys included.",
                      name),
          format, [](auto& world, const auto& k) { show_step(world, k); },
          semantics::ArithmeticFault::unguarded, cost));
}

}  // namespace

prove::Theorem no_nan_f16() { return no_nan(kBinary16, 20); }
prove::Theorem no_nan_bf16() { return no_nan(kBfloat16, 20); }
prove::Theorem no_nan_f32() { return no_nan(kBinary32, 60); }

}  // namespace attest::proofs
