// The sums of error contributions stay within the sums of their bounds: with |a| <= A, |mu| <= M, |nu| <= V,
// |eta_n| <= Hn, |eta_d| <= Hd,
//
//     |X| <= XB, which grows by w (A |v - o| + (1 + A)(M |v| + V |o|)) + Hn + |o| Hd
//     |Y| <= YB, which grows by w ((1 + A)(1 + V) - 1) + Hd
//
// and at the end |N/D - o| = |X/D| <= XB / (W - YB), where YB < W.
#include "support/states.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

template <class Number>
auto magnitude(const Number& x) {
  return choose(x < 0, Number(-x), x);
}

template <class Number>
auto bounded(const Number& x, const Number& bound) {
  return -bound <= x && x <= bound;
}

// x within bound, and both for a product with something within its own bound.
template <class World, class Number>
Number any_within(World& world, const std::string& name, const Number& bound) {
  const Number x = world.real(name);
  world.assume(bound >= 0);
  world.assume(bounded(x, bound));
  return x;
}

template <class World>
void show_step(World& world, bool cross_term) {
  const auto A = world.real("A");
  const auto M = world.real("M");
  const auto V = world.real("V");
  const auto Hn = world.real("Hn");
  const auto Hd = world.real("Hd");
  const auto XB = world.real("XB");
  const auto YB = world.real("YB");
  const auto a = any_within(world, "a", A);
  const auto mu = any_within(world, "mu", M);
  const auto nu = any_within(world, "nu", V);
  const auto eta_n = any_within(world, "eta_n", Hn);
  const auto eta_d = any_within(world, "eta_d", Hd);
  const auto X = any_within(world, "X", XB);
  const auto Y = any_within(world, "Y", YB);
  const auto w = world.real("w");
  const auto v = world.real("v");
  const auto o = world.real("o");
  world.assume(w > 0);
  // Products of bounded numbers, smallest first.
  const auto d = v - o;
  world.use(ProductLaw{}, a, d, A, magnitude(d));
  world.use(ProductLaw{}, mu, v, M, magnitude(v));
  world.use(ProductLaw{}, nu, o, V, magnitude(o));
  world.use(ProductLaw{}, eta_d, o, Hd, magnitude(o));
  const auto uncommon = mu * v - nu * o;
  const auto uncommon_bound = M * magnitude(v) + V * magnitude(o);
  world.use(ProductLaw{}, 1 + a, uncommon, 1 + A, uncommon_bound);
  const auto x = a * d + (1 + a) * uncommon;
  const auto x_bound = A * magnitude(d) + (cross_term ? (1 + A) * uncommon_bound : uncommon_bound);
  world.use(ProductLaw{}, w, x, w, x_bound);
  world.show("|X| <= XB", bounded(X + w * x + eta_n - o * eta_d, XB + w * x_bound + Hn + magnitude(o) * Hd));
  world.use(ProductLaw{}, a, nu, A, V);
  const auto y = (1 + a) * (1 + nu) - 1;
  const auto y_bound = (1 + A) * (1 + V) - 1;
  world.use(ProductLaw{}, w, y, w, y_bound);
  world.show("|Y| <= YB", bounded(Y + w * y + eta_d, YB + w * y_bound + Hd));
}

}  // namespace

prove::Theorem e1_bounds() {
  const auto statement = [](auto& world, const auto&) { show_step(world, true); };
  const auto first_order = [](auto& world, const auto&) { show_step(world, false); };
  return prove::about(
      prove::kBoundArithmetic,
      real_theorem(
          "e1-bounds",
          "The errors' contributions X and Y stay within the sums XB and YB of their bounds, key by key.",
          statement, OtherTwin{"(1 + A) dropped from the uncommon error", first_order}));
}

}  // namespace attest::proofs
