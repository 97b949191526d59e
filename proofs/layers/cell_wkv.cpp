// WKV of RWKV-4: recurrent equals parallel equals chunked. It is attention whose scores fall with age: one
// step lowers the sums by the decay and adds the token; a row adds its own token with the bonus; two segments
// merge after the first has decayed. Any state; and rows of the whole cell over three tokens.
#include "attention/cells/wkv.hpp"
#include "support/any_tokens.hpp"
#include "support/states.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

template <class World, class A>
attention::Wkv<A> any_cell(World& world, const A& k) {
  return {k, any_score(world, k, "decay"), any_score(world, k, "bonus")};
}

template <class World, class A>
attention::WkvState<A> any_segment(World& world, const A& k, const std::string& name) {
  return {any_score(world, k, "decay_" + name), any_state(world, k, name)};
}

// That m * l = W / d + w and m * o = U / d + w v, multiplied out by d.
template <class World, class A, class Number>
void show_sums(World& world, const A& k, const attention::State<A>& state, const attention::State<A>& before,
               const Number& d, const Number& W, const Number& U, const std::string& note) {
  world.show("m * l = W" + note, d * weight_sum(k, state) == weight_sum(k, before) + d * W);
  world.show("m * o = U" + note, d * value_sum(k, state) == value_sum(k, before) + d * U);
}

template <class World, class A>
void show_step(World& world, const A& k, const attention::Wkv<A>& cell) {
  const auto before = any_segment(world, k, "a");
  const auto later = any_segment(world, k, "b");
  const auto key = any_keys(world, 1, "_new");
  const attention::WkvToken<A> token{scores_of(key, k)[0], values_of(key, k)[0][0]};
  auto stepped = before;
  cell.step(stepped, token);
  const auto d = weight_of(k, cell.decay);
  show_sums(world, k, stepped.sums, before.sums, d, key.weight_sum(), key.value_sum(), ", one more token");
  auto merged = before;
  cell.merge_into(merged, later);
  show_sums(world, k, merged.sums, before.sums, weight_of(k, later.decay), weight_sum(k, later.sums),
            value_sum(k, later.sums), ", two segments");
  world.show("decays add up",
             weight_of(k, merged.decay) == weight_of(k, before.decay) * weight_of(k, later.decay));
  auto unchanged = before;
  cell.merge_into(unchanged, cell.empty());
  show_same(world, k, unchanged.sums, before.sums, ", a segment of no tokens");
  world.show("no tokens, no decay", weight_of(k, unchanged.decay) == weight_of(k, before.decay));
  std::vector<typename A::Acc> row{k.one()};
  auto emitted = before;
  cell.emit(emitted, token, row);
  show_same(world, k, emitted.sums, stepped.sums, ", emitted");
  const auto own = weight_of(k, cell.bonus) * key.weights[0];
  const auto W = weight_sum(k, before.sums) + own;
  const auto U = value_sum(k, before.sums) + own * key.values[0];
  world.show("output * W = U, with the bonus", number_of(k, row[0]) * W == U);
}

template <class World, class A>
std::vector<attention::WkvToken<A>> any_tokens(World& world, const A& k, std::size_t count) {
  const auto keys = any_keys(world, count);
  std::vector<attention::WkvToken<A>> tokens;
  for (std::size_t j = 0; j < count; ++j) tokens.push_back({scores_of(keys, k)[j], values_of(keys, k)[j][0]});
  return tokens;
}

}  // namespace

prove::Theorem cell_wkv() {
  const auto statement = [](auto& world, const auto& k) {
    const auto cell = any_cell(world, k);
    show_step(world, k, cell);
    show_closed_form(world, k, cell, cell.empty(), any_tokens(world, k, 2));
  };
  const auto bonus_kept = [](auto& world, const auto& k) {
    const auto cell = any_cell(world, k);
    const auto tokens = any_tokens(world, k, 2);
    auto heard = tokens;
    heard[0].key = attention::plus(k, heard[0].key, cell.bonus);
    show_row(world, k, cell, cell.empty(), tokens, 1, heard);
  };
  prove::Theorem theorem = prove::about(
      "cells/wkv.hpp: Wkv, plus",
      real_theorem(
          "cell-wkv",
          "WKV: a step lowers the sums by the decay and adds the token, a row adds its own token with "
          "the bonus, and two segments merge after the first has decayed; the rows are those of the "
          "closed form.",
          statement, OtherTwin{"the bonus kept in the state", bonus_kept}));
  theorem.cvc5_seconds = 2;
  return theorem;
}

}  // namespace attest::proofs
