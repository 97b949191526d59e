// The gradient of attention with respect to scores, dS = P (dP - rowsum(dO O)), is the derivative of the
// recurrence that runs: a block in dual numbers (dual.hpp), whose scores move by any ds_j and whose max moves
// by any amount at all, has an output that moves by sum_j dS_j ds_j along dO. And the row of dS sums to zero:
// a shift of all scores changes nothing.
#include <fmt/format.h>

#include "attention/backward.hpp"
#include "semantics/dual.hpp"
#include "support/states.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

// P_j with its own value: a probability is the output of values that are 1 at key j and 0 elsewhere.
template <class World, class A>
std::vector<typename A::Acc> probabilities(const A& k, const Keys<World>& keys) {
  const auto state = block_of(keys, k);
  std::vector<typename A::Acc> p;
  for (const auto& score : scores_of(keys, k)) p.push_back(k.div(k.exp(k.sub(score, state.m)), state.l));
  return p;
}

template <class World, class A>
void show_gradient(World& world, const A& k, std::size_t n, bool row_sum) {
  using D = semantics::Dual<A>;
  const std::string note = fmt::format(", {} keys", n);
  const auto keys = any_keys(world, n, fmt::format("_of{}", n));
  const auto zero = k.zero();
  int maxima = 0;
  const D dual{k, [&] { return as_acc(k, world.real(fmt::format("dm{}_of{}", maxima++, n))); }};
  std::vector<typename D::Score> scores;
  std::vector<std::vector<typename D::Acc>> values;
  std::vector<typename A::Acc> slopes;
  for (std::size_t j = 0; j < n; ++j) {
    slopes.push_back(as_acc(k, world.real(fmt::format("ds{}_of{}", j, n))));
    scores.push_back({scores_of(keys, k)[j], slopes[j]});
    values.push_back({{values_of(keys, k)[j][0], zero}});
  }
  const auto output = finalize(dual, attention::block(dual, scores, values))[0];
  const auto upstream = as_acc(k, world.real(fmt::format("dO_of{}", n)));
  const std::vector<typename A::Acc> output_value{row_sum ? output.value : zero};
  const auto gradients =
      attention::softmax_backward(k, probabilities(k, keys), values_of(keys, k), output_value, {upstream});
  auto along = k.mul(gradients[0], slopes[0]);
  auto sum = gradients[0];
  for (std::size_t j = 1; j < n; ++j) {
    along = k.add(along, k.mul(gradients[j], slopes[j]));
    sum = k.add(sum, gradients[j]);
  }
  world.show("dS is the derivative" + note,
             number_of(k, along) == number_of(k, k.mul(upstream, output.slope)));
  world.show("dS sums to zero" + note, number_of(k, sum) == 0);
}

}  // namespace

prove::Theorem gradient() {
  const auto statement = [](auto& world, const auto& k) {
    show_gradient(world, k, 1, true);
    show_gradient(world, k, 2, true);
  };
  const auto omitted = [](auto& world, const auto& k) { show_gradient(world, k, 1, false); };
  prove::Theorem theorem = prove::about(
      "backward.hpp: softmax_backward; recurrence.hpp: block, finalize",
      real_theorem("gradient",
                   "dS = P (dP - rowsum(dO O)) is the derivative of the recurrence with respect to the "
                   "scores, whatever the derivative of the max, and its rows sum to zero.",
                   statement, OtherTwin{"rowsum(dO O) omitted", omitted}));
  theorem.cvc5_seconds = 2;
  return theorem;
}

}  // namespace attest::proofs
