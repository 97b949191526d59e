// The rescale factor is at most 1, and |o| <= l survives rounding for values within 1 (so |o| <= l max|v|
// where max|v| is a power of two, which scales every rounding), key by key, rescaling included: the computed
// output does not leave the range of the values by more than its own division's rounding.
//
// In every format at once (z3_rounded), an invariant of any number of keys: |o| <= l and l >= 1 before a key
// give both after it. For f16 and f32 the same steps, with sums and scores in a range where nothing
// overflows, which is what "every format" leaves open. Bit by bit only in an 8-bit format: both solvers give
// up on products of two unknown significands of more bits.
#include <fmt/format.h>

#include "attention/online.hpp"
#include "semantics/emulated.hpp"
#include "support/float_theorem.hpp"
#include "support/rounded_theorem.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

template <class A>
using Values = std::vector<std::vector<typename A::Acc>>;

// One key absorbed by a state; `numerator_rescaled` is false in the twin.
template <class A>
void absorb_key(const A& k, attention::State<A>& state, const typename A::Score& score,
                const typename A::Acc& value, bool numerator_rescaled) {
  const Values<A> values(1, {value});
  if (numerator_rescaled) {
    absorb(k, state, std::vector{score}, values);
    return;
  }
  const auto m = k.max(state.m, score);
  state.l = k.mul(state.l, k.exp(k.sub(state.m, m)));
  accumulate(k, state, m, std::vector{score}, values);
  state.m = m;
}

/// What "no overflow" is shown from: sums up to `sum` and scores within `score`, numbers of the format.
struct Range {
  int sum = 0, score = 0;
};

// |o| <= l and l >= 1 are kept. With a range, no result leaves what follows from it.
template <class World, class A>
void show_invariant(World& world, const A& k, bool numerator_rescaled, const Range& range) {
  const auto zero = world.constant(0);
  const auto one = world.constant(1);
  const auto m = world.number("m");
  const auto l = world.number("l");
  const auto o = world.number("o");
  const auto s = world.number("s");
  const auto v = world.number("v");
  world.assume(one <= l && -l <= o && o <= l);
  world.assume(-one <= v && v <= one);
  if (range.sum != 0) {
    const auto most = world.constant(range.score);
    world.assume(l <= world.constant(range.sum));
    world.assume(-most <= m && m <= most && -most <= s && s <= most);
  }
  if (!numerator_rescaled) world.assume(m == zero && l == one && o == one && v == one);  // one case refutes
  attention::State<A> state{as_score(k, m), as_acc(k, l), {as_numerator(k, o)}};
  const auto shift = k.sub(state.m, k.max(state.m, as_score(k, s)));
  const auto factor = number_of(k, k.exp(shift));
  world.show("0 <= rescale factor <= 1", zero <= factor && factor <= one);
  absorb_key(k, state, as_score(k, s), as_acc(k, v), numerator_rescaled);
  const auto l_next = number_of(k, state.l);
  const auto o_next = number_of(k, state.o[0]);
  world.show("l >= 1", one <= l_next);
  world.show("|o| <= l", -l_next <= o_next && o_next <= l_next);
  if (range.sum == 0) return;
  const auto twice = world.constant(2 * range.score);
  as_score(k, twice);  // numbers of the format
  as_acc(k, world.constant(range.sum + 1));
  world.show("no difference overflows", -twice <= score_value(k, shift) && score_value(k, shift) <= zero);
  world.show("no sum overflows", l_next <= world.constant(range.sum + 1));
}

// Bit by bit, for one sign of the values and scores alone.
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
  world.assume(o <= l && zero <= o);
  world.assume(v <= one && zero <= v);
  world.assume(m == m && s == s && m <= world.constant(64) && s <= world.constant(64));
  world.assume(zero <= m && zero <= s);
  if (!numerator_rescaled) world.assume(m == zero && l == one && o == one && v == one);  // one case refutes
  attention::State<A> state{as_score(k, m), as_acc(k, l), {as_numerator(k, o)}};
  const auto factor = k.exp(k.sub(state.m, k.max(state.m, as_score(k, s))));
  world.show("0 <= rescale factor <= 1", zero <= number_of(k, factor) && number_of(k, factor) <= one);
  absorb_key(k, state, as_score(k, s), as_acc(k, v), numerator_rescaled);
  world.show("|o| <= l",
             number_of(k, state.o[0]) <= number_of(k, state.l) && zero <= number_of(k, state.o[0]));
}

constexpr const char* kTwin = "numerator not rescaled";

prove::Theorem by_rounding(const std::string& name, std::string sentence, const Format& format,
                           const Range& range) {
  return prove::about(
      "online.hpp: absorb",
      rounded_theorem(
          name, std::move(sentence),
          [=](auto& world, const auto& k) { show_invariant(world, k, true, range); }, kTwin,
          [=](auto& world, const auto& k) { show_invariant(world, k, false, range); }, format));
}

prove::Theorem in_range(const std::string& name, const Format& format, const Range& range) {
  prove::Theorem theorem = by_rounding(
      "numerator-within-" + name,
      fmt::format(
          "In {}, the rescale factor is at most 1, and |o| <= l and l >= 1 are kept, for values within 1; "
          "for sums up to {} and scores within {} nothing overflows.",
          name, range.sum, range.score),
      format, range);
  theorem.semantics = "z3_rounded " + name;
  return theorem;
}

}  // namespace

prove::Theorem numerator_within() {
  return by_rounding(
      "numerator-within",
      "In every format, the rescale factor is at most 1, and |o| <= l and l >= 1 are kept, key by "
      "key, for values within 1.",
      kBinary16, {});
}

prove::Theorem numerator_within_e4m3() {
  prove::Theorem theorem =
      prove::about("online.hpp: absorb",
                   float_theorem(
                       "numerator-within-e4m3",
                       "In e4m3, the rescale factor is at most 1 and 0 <= o <= l is kept for values in "
                       "[0, 1], sums in [1, 16] and scores in [0, 64].",
                       semantics::kFloat1e4m3, [](auto& world, const auto& k) { show_key(world, k, true); },
                       kTwin, [](auto& world, const auto& k) { show_key(world, k, false); }, 15));
  theorem.semantics = "z3_fp e4m3";
  theorem.cvc5_seconds = 2;
  return theorem;
}

// Every integer up to 2^11, or 2^24, is a number of the format: the constants of the ranges are exact.
prove::Theorem numerator_within_f16() { return in_range("f16", kBinary16, {2047, 1024}); }
prove::Theorem numerator_within_f32() { return in_range("f32", kBinary32, {16777215, 8388608}); }

}  // namespace attest::proofs
