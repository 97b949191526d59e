// Forms that bring keys together by merging states: the RNN, tiles, trees, splits.
#pragma once

#include "attention/run.hpp"
#include "forms/forms/form.hpp"

namespace attest::forms {

/// rows() of the forms whose schedule run.hpp runs.
struct RunsSchedule {
  template <class A>
  static constexpr bool kRunsIn = semantics::Semantics<A>;
  template <semantics::Semantics A>
  static FinishedRows<A> rows(const A& k, const FormInput<A>& input, const attention::Schedule& schedule) {
    return {finished(k, run(k, schedule, input.scores, input.values, input))};
  }
};

struct SequentialForm {
  static constexpr FormEntry kEntry{"sequential", "one key after the other, as an RNN reads them"};
  template <class A>
  static constexpr bool kRunsIn = semantics::Semantics<A>;
  static attention::Schedule plan(std::size_t keys, const Choices&) { return {0, keys, {}}; }
  template <semantics::Semantics A>
  static FinishedRows<A> rows(const A& k, const FormInput<A>& input, const attention::Schedule& schedule) {
    std::optional<attention::State<A>> state;
    for (const std::size_t j : visible_keys(input, schedule.begin, schedule.end)) {
      if (state) {
        step(k, *state, input.scores[j], input.values[j]);
      } else {
        state = attention::block(k, std::vector(1, input.scores[j]), std::vector(1, input.values[j]));
      }
    }
    return {finished(k, state)};
  }
};

struct TiledForm : RunsSchedule {
  static constexpr FormEntry kEntry{
      .name = "tiled",
      .meaning = "each tile reduced to a state, and the states merged one after the other",
      .cuts = true};
  static attention::Schedule plan(std::size_t keys, const Choices& choices) {
    return attention::tiled(keys, choices.tile);
  }
};

struct TreeForm : RunsSchedule {
  static constexpr FormEntry kEntry{
      .name = "tree", .meaning = "a balanced binary tree over single keys", .merges = true};
  static attention::Schedule plan(std::size_t keys, const Choices& choices) {
    return choices.mirrored ? mirrored(attention::tree(keys)) : attention::tree(keys);
  }
};

/// Split by split; how splits are bracketed is a choice as well.
inline attention::Schedule planned_splits(std::size_t keys, const Choices& choices, std::size_t tile) {
  const attention::Schedule splits = attention::split_k(keys, choices.splits, tile);
  const attention::Schedule plan = bracketed(splits.parts, choices.bracketing);
  return choices.mirrored ? mirrored(plan) : plan;
}

struct SplitForm : RunsSchedule {
  static constexpr FormEntry kEntry{
      .name = "split-K",
      .meaning = "parallel splits, each tiled, with their states merged at the end",
      .cuts = true,
      .merges = true};
  static attention::Schedule plan(std::size_t keys, const Choices& choices) {
    return planned_splits(keys, choices, choices.tile);
  }
};

struct BracketingForm : RunsSchedule {
  static constexpr FormEntry kEntry{.name = "random bracketing",
                                    .meaning = "tiles merged in pairs, in any order",
                                    .cuts = true,
                                    .merges = true};
  static attention::Schedule plan(std::size_t keys, const Choices& choices) {
    const attention::Schedule plan =
        bracketed(tiles_of(attention::tiled(keys, choices.tile)), choices.bracketing);
    return choices.mirrored ? mirrored(plan) : plan;
  }
};

}  // namespace attest::forms
