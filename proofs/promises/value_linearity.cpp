// The output is linear in the values: x v + y u has the output x out(v) + y out(u), through every block and
// merge. Three components carry v, u and their combination.
#include "support/states.hpp"
#include "theorems.hpp"

namespace attest::proofs {

prove::Theorem value_linearity() {
  const auto statement = [](auto& world, const auto& k) {
    using A = std::decay_t<decltype(k)>;
    const auto x = world.real("x");
    const auto y = world.real("y");
    const auto row = [&](const auto& v, const auto& u) {
      return std::vector<typename A::Acc>{as_numerator(k, v), as_numerator(k, u),
                                          as_numerator(k, x * v + y * u)};
    };
    const auto combined = [&](const std::vector<typename A::Acc>& o) {
      return number_of(k, o[2]) == x * number_of(k, o[0]) + y * number_of(k, o[1]);
    };
    const auto keys = any_keys(world, 1);
    const std::vector<std::vector<typename A::Acc>> values{row(keys.values[0], world.real("u0"))};
    world.show("block", combined(attention::block(k, scores_of(keys, k), values).o));
    auto a = any_state(world, k, "a");
    auto b = any_state(world, k, "b");
    a.o = row(number_of(k, a.o[0]), world.real("p_a"));
    b.o = row(number_of(k, b.o[0]), world.real("p_b"));
    world.show("merge", combined(merge(k, a, b).o));
    auto grown = a;
    step(k, grown, as_score(k, keys.weights[0]), values[0]);
    world.show("step", combined(grown.o));
    const auto l = number_of(k, a.l);
    const auto output = finalize(k, a);
    for (const auto& component : a.o) world.use(QuotientLaw{}, number_of(k, component), l);
    world.use(CancelLaw{}, l, number_of(k, output[2]),
              x * number_of(k, output[0]) + y * number_of(k, output[1]));
    world.show("finalize", combined(output));
  };
  const auto shared_bias = [](auto& world, const auto& k) {
    using A = std::decay_t<decltype(k)>;
    const auto a = any_state(world, k, "a");
    const auto x = world.real("x");
    attention::State<A> one{a.m, a.l, {as_numerator(k, 1 + number_of(k, a.o[0]))}};
    attention::State<A> scaled{a.m, a.l, {as_numerator(k, 1 + x * number_of(k, a.o[0]))}};
    world.show("finalize", number_of(k, finalize(k, scaled)[0]) == x * number_of(k, finalize(k, one)[0]));
  };
  return prove::about(
      "recurrence.hpp: block, step, merge, finalize",
      real_theorem("value-linearity",
                   "A linear combination of values has the same combination of outputs, through block, step, "
                   "merge and finalize.",
                   statement, OtherTwin{"a constant added to the numerator", shared_bias}));
}

}  // namespace attest::proofs
