// Merging finished rows: the lse of the union is the log of the sum of the parts' exponentials, and the
// merged output is the mean of both. (lse, output) is as good as (m, l, o): it represents the same sums.
#include "attention/lse.hpp"
#include "support/states.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

// The rows as a kernel stores them; `store` is what becomes of the lse on its way.
template <class World, class A, class Store>
void show_merge(World& world, const A& k, const Store& store) {
  const auto a = any_state(world, k, "a");
  const auto b = any_state(world, k, "b");
  std::vector<attention::Row<A>> rows{to_row(k, a), to_row(k, b)};
  for (attention::Row<A>& row : rows) row.lse = as_score(k, store(weight_of(k, row.lse)));
  for (const auto& state : {a, b}) world.use(QuotientLaw{}, number_of(k, state.o[0]), number_of(k, state.l));
  const auto W = weight_sum(k, a) + weight_sum(k, b);
  const auto U = value_sum(k, a) + value_sum(k, b);
  const auto stored = to_state(k, rows[0]);
  show_represents(world, k, stored, weight_sum(k, a), value_sum(k, a), ", (lse, output)");
  const auto merged = merge(k, stored, to_state(k, rows[1]));
  const auto m = weight_of(k, merged.m);
  for (const attention::Row<A>& row : rows) {
    world.use(ShareLaw{}, m, weight_of(k, row.lse), number_of(k, row.output[0]));
    world.use(ShareLaw{}, m, weight_of(k, row.lse), number_of(k, k.one()));
  }
  show_represents(world, k, merged, W, U, ", merged");
  // merged has the sums W and U, so this is the row of both.
  const attention::Row<A> both = merge(k, rows[0], rows[1]);
  world.use(QuotientLaw{}, number_of(k, merged.o[0]), number_of(k, merged.l));
  world.show("lse of the merged row", weight_of(k, both.lse) == weight_sum(k, merged));
  world.show("output of the merged row",
             number_of(k, both.output[0]) * number_of(k, merged.l) == number_of(k, merged.o[0]));
}

}  // namespace

prove::Theorem lse_merge() {
  const auto statement = [](auto& world, const auto& k) {
    show_merge(world, k, [](const auto& weight) { return weight; });
  };
  // An lse twice as large is one in base sqrt(e): the exponential of it is squared.
  const auto other_base = [](auto& world, const auto& k) {
    show_merge(world, k, [](const auto& weight) { return weight * weight; });
  };
  return prove::about(
      "lse.hpp: to_row, to_state, merge",
      real_theorem("lse-merge",
                   "A finished row (lse, output) represents the sums of its state, and merging two finished "
                   "rows adds them: the lse of the union is ln(e^lse_a + e^lse_b).",
                   statement, OtherTwin{"lse written in one base, read in another", other_base}));
}

}  // namespace attest::proofs
