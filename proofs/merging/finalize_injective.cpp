// What a finished row says: states of the same sums have the same output, and (lse, output) determines the
// sums. So split-K kernels may store finished rows and merge them later.
#include "attention/lse.hpp"
#include "support/states.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

// That the sums follow from the outputs, with the lse of the rows or without.
template <class World, class A>
void show_determined(World& world, const A& k, bool with_lse) {
  const auto a = any_state(world, k, "a");
  const auto b = any_state(world, k, "b");
  const auto row_a = to_row(k, a);
  const auto row_b = to_row(k, b);
  for (const auto& state : {a, b}) world.use(QuotientLaw{}, number_of(k, state.o[0]), number_of(k, state.l));
  world.lemma("output * W = U, a", number_of(k, row_a.output[0]) * weight_sum(k, a) == value_sum(k, a));
  world.lemma("output * W = U, b", number_of(k, row_b.output[0]) * weight_sum(k, b) == value_sum(k, b));
  world.use(CancelLaw{}, weight_sum(k, a), number_of(k, row_a.output[0]), number_of(k, row_b.output[0]));
  const auto same_output = number_of(k, row_a.output[0]) == number_of(k, row_b.output[0]);
  const auto same_lse = weight_of(k, row_a.lse) == weight_of(k, row_b.lse);
  const auto same_sums = weight_sum(k, a) == weight_sum(k, b) && value_sum(k, a) == value_sum(k, b);
  world.show("same sums, same output", implies(same_sums, same_output));
  world.show("same row, same sums", implies(with_lse ? same_lse && same_output : same_output, same_sums));
}

}  // namespace

prove::Theorem finalize_injective() {
  const auto statement = [](auto& world, const auto& k) { show_determined(world, k, true); };
  const auto without_lse = [](auto& world, const auto& k) { show_determined(world, k, false); };
  return prove::about(
      "lse.hpp: to_row",
      real_theorem("finalize-injective",
                   "States that represent the same sums have the same output, and a finished row (lse, "
                   "output) determines the sums.",
                   statement, OtherTwin{"output without its lse", without_lse}));
}

}  // namespace attest::proofs
