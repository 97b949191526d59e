// Retention: recurrent equals parallel equals chunked, for rows of four tokens, any decay gamma, and two
// segments after any state. (Longer: affine_chain.cpp.)
#include "attention/cells/retention.hpp"
#include "support/any_tokens.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

template <class World, class A>
std::vector<attention::RetentionToken<A>> any_tokens(World& world, const A& k, std::size_t count) {
  std::vector<attention::RetentionToken<A>> tokens;
  for (std::size_t j = 0; j < count; ++j)
    tokens.push_back({any_numbers(world, k, fmt::format("q{}_", j), 2),
                      any_numbers(world, k, fmt::format("k{}_", j), 2),
                      any_numbers(world, k, fmt::format("v{}_", j), 1)});
  return tokens;
}

template <class World, class A>
void show_merge(World& world, const A& k, const attention::Retention<A>& cell,
                const std::vector<attention::RetentionToken<A>>& tokens) {
  attention::RetentionState<A> first{as_acc(k, world.real("decay")), any_numbers(world, k, "s", 2)};
  auto whole = first;
  auto second = cell.empty(2, 1);
  for (const auto& token : tokens) {
    cell.step(whole, token);
    cell.step(second, token);
  }
  cell.merge_into(first, second);
  show_same_numbers(world, k, first.s, whole.s, "S, chunked");
  show_same_numbers(world, k, {first.decay}, {whole.decay}, "decay, chunked");
}

}  // namespace

prove::Theorem cell_retention() {
  const auto statement = [](auto& world, const auto& k) {
    using A = std::decay_t<decltype(k)>;
    const attention::Retention<A> cell{k, as_acc(k, world.real("gamma"))};
    const auto tokens = any_tokens(world, k, 4);
    show_closed_form(world, k, cell, cell.empty(2, 1), tokens);
    show_merge(world, k, cell, {tokens[0], tokens[1]});
  };
  const auto decayed_late = [](auto& world, const auto& k) {
    using A = std::decay_t<decltype(k)>;
    const attention::Retention<A> cell{k, as_acc(k, world.real("gamma"))};
    const auto tokens = any_tokens(world, k, 1);
    auto state = cell.empty(2, 1);
    cell.step(state, tokens[0]);
    for (auto& s : state.s) s = k.mul(s, cell.gamma);
    std::vector<typename A::Acc> expected{k.one()};
    cell.closed_form(tokens, 0, expected);
    const auto row = k.add(k.mul(tokens[0].query[0], state.s[0]), k.mul(tokens[0].query[1], state.s[1]));
    world.show("row 0", number_of(k, row) == number_of(k, expected[0]));
  };
  return prove::about(
      "cells/retention.hpp: Retention",
      real_theorem("cell-retention",
                   "Retention: the recurrent rows are those of the closed form, and two segments merge as "
                   "affine maps do.",
                   statement, OtherTwin{"the decay applied after the token", decayed_late}));
}

}  // namespace attest::proofs
