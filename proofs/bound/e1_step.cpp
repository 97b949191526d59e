// E1, the identity behind the error bound, one key at a time. With N and D the numerator and denominator as
// computed (perturbed.hpp), W, U the exact sums, o any number,
//
//     N - o D = X + (U - o W)    D = W + Y
//     X grows by w (a (v - o) + (1 + a)(mu v - nu o)) + eta_n - o eta_d
//     Y grows by w ((1 + a)(1 + nu) - 1) + eta_d
//
// exactly: nothing of second order is dropped. The common error a only sees v - o.
#include "support/perturbed.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

template <class World, class A>
void show_step(World& world, const A& k, bool second_order) {
  const auto errors = any_errors(world);
  const auto o = world.real("o");
  const auto W = world.real("W");
  const auto U = world.real("U");
  const auto X = world.real("X");
  const auto Y = world.real("Y");
  const auto w = world.real("w");
  const auto v = world.real("v");
  world.assume(w > 0);
  const auto [N, D] = add_key(k, errors, X + (U - o * W) + o * (W + Y), W + Y, w, v);
  const auto uncommon = errors.mu * v - errors.nu * o;
  const auto X_next = X + w * (errors.a * (v - o) + (second_order ? (1 + errors.a) * uncommon : uncommon)) +
                      errors.eta_n - o * errors.eta_d;
  const auto Y_next = Y + w * ((1 + errors.a) * (1 + errors.nu) - 1) + errors.eta_d;
  world.show("D = W + Y", D == (W + w) + Y_next);
  world.show("N - o D = X + (U - o W)", N - o * D == X_next + ((U + w * v) - o * (W + w)));
}

}  // namespace

prove::Theorem e1_step() {
  const auto statement = [](auto& world, const auto& k) { show_step(world, k, true); };
  const auto first_order = [](auto& world, const auto& k) { show_step(world, k, false); };
  return prove::about(
      "online.hpp: accumulate",
      real_theorem(
          "e1-step",
          "E1 holds exactly for each further key: N - oD = X + (U - oW) and D = W + Y, with X, Y the "
          "sums of the errors' contributions.",
          statement, OtherTwin{"products of two errors dropped", first_order}));
}

}  // namespace attest::proofs
