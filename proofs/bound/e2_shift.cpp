// E2: rounding the shift costs a key u times its gap, whatever the number of tiles.
//
// In logs: a key of score s that has been rescaled to the running max m has the log-weight L, with
//
//     |L - (s - m)| <= u (m - s)          its own subtraction and every rescale so far
//
// A tile that raises the max to m' adds a rescale r with |r - (m - m')| <= u (m' - m). The increases of m
// telescope: |L + r - (s - m')| <= u (m' - s). With a shift that lags by up to tau (lazy.hpp), s may exceed m
// by tau, and the bound is u (m' - s + 2 tau).
#include "attention/lazy.hpp"
#include "support/real_theorem.hpp"
#include "support/rounded_shift.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

// |L - (s - m)| <= u (m - s + slack).
template <class Number>
auto within_gap(const Number& L, const Number& s, const Number& m, const Number& u, const Number& slack) {
  const auto error = L - (s - m);
  const auto bound = u * (m - s + slack);
  return -bound <= error && error <= bound;
}

template <class World>
void show_tile(World& world, bool lazy, bool slack_counted) {
  using K = RoundedShift<World>;
  const auto u = world.real("u");
  const auto tau = world.real("tau");
  const auto m = world.real("m");
  const auto s = world.real("s");
  const auto L = world.real("L");
  world.assume(u >= 0);
  world.assume(tau >= 0);
  if (!lazy) world.assume(tau == 0);
  const auto slack = slack_counted ? 2 * tau : 0 * tau;
  world.assume(s <= m + tau);
  world.assume(within_gap(L, s, m, u, slack));
  const std::vector<typename K::Score> tile{{world.real("t0")}, {world.real("t1")}};
  const std::vector<std::vector<typename K::Acc>> values(2);
  const K old_key(world, u, K::Keep::first, "r");
  attention::State<K> state{{m}, {L}, {}};
  lazy_absorb(old_key, state, tile, values, {tau});
  world.show("the shift lags behind an old key by at most tau", s <= state.m.value + tau);
  world.show("an old key", within_gap(state.l.log_weight, s, state.m.value, u, slack));
  const K new_key(world, u, K::Keep::last, "n");
  attention::State<K> fresh{{m}, {L}, {}};
  lazy_absorb(new_key, fresh, tile, values, {tau});
  world.show("the shift lags behind a key of the tile by at most tau", tile[1].value <= fresh.m.value + tau);
  world.show("a key of the tile", within_gap(fresh.l.log_weight, tile[1].value, fresh.m.value, u, slack));
}

}  // namespace

prove::Theorem e2_shift() {
  const auto statement = [](auto& world, const auto&) { show_tile(world, true, true); };
  const auto without = [](auto& world, const auto&) { show_tile(world, true, false); };
  return prove::about(
      "lazy.hpp: lazy_absorb",
      real_theorem(
          "e2-shift",
          "The roundings of shifts and rescales telescope: a key's log-weight errs by at most u times "
          "its gap to the shift (plus 2 tau where the shift lags behind the max), however many tiles there "
          "are.",
          statement, OtherTwin{"the lag of the shift not counted", without}));
}

}  // namespace attest::proofs
