// Forms that absorb tiles at the running max: FlashAttention's loop, guarded, split, and lazily rescaled.
#pragma once

#include "attention/guarded.hpp"
#include "attention/lazy.hpp"
#include "attention/lse.hpp"
#include "attention/run.hpp"
#include "forms/forms/forms_of_states.hpp"

namespace attest {

/// Tiles one after the other, masked keys left out: `block` for the first that has any, then
/// more(state, scores, values).
template <Semantics A, class More>
std::optional<State<A>> looped(const A& k, const FormInput<A>& input, const Schedule& schedule,
                               const More& more) {
  using Scores = std::vector<typename A::Score>;
  using Values = std::vector<std::vector<typename A::Acc>>;
  std::optional<State<A>> state;
  for (const Schedule& tile : tiles_of(schedule)) {
    const std::vector<std::size_t> keys = visible_keys(input, tile.begin, tile.end);
    if (keys.empty()) continue;
    const Selected<Scores> scores{input.scores, keys};
    const Selected<Values> values{input.values, keys};
    if (state) {
      more(*state, scores, values);
    } else {
      state = block(k, scores, values);
    }
  }
  return state;
}

struct OnlineForm {
  static constexpr FormEntry kEntry{
      .name = "online", .meaning = "tiles absorbed at the running max, FlashAttention's loop", .cuts = true};
  template <class A>
  static constexpr bool kRunsIn = Semantics<A>;
  static Schedule plan(std::size_t keys, const Choices& choices) { return tiled(keys, choices.tile); }
  template <Semantics A>
  static FinishedRows<A> rows(const A& k, const FormInput<A>& input, const Schedule& schedule) {
    return {finished(k, looped(k, input, schedule, [&](auto& state, const auto& scores, const auto& values) {
                       absorb(k, state, scores, values);
                     }))};
  }
};

struct LazyForm {
  static constexpr FormEntry kEntry{
      .name = "lazy rescale",
      .meaning =
          "the online loop, with a shift that follows the running max only when it lags by more than tau",
      .needs = FormNeeds::thresholds,
      .cuts = true};
  template <class A>
  static constexpr bool kRunsIn = Thresholds<A>;
  static Schedule plan(std::size_t keys, const Choices& choices) { return tiled(keys, choices.tile); }
  template <Thresholds A>
  static FinishedRows<A> rows(const A& k, const FormInput<A>& input, const Schedule& schedule) {
    return {finished(k, looped(k, input, schedule, [&](auto& state, const auto& scores, const auto& values) {
                       lazy_absorb(k, state, scores, values, input.tau);
                     }))};
  }
};

/// The state of begin..end-1 from the empty state on, masked keys in their place with weight zero.
template <Guards A>
void guarded_tile(const A& k, State<A>& state, const FormInput<A>& input, const Schedule& tile) {
  std::vector<typename A::Score> scores;
  std::vector<std::vector<typename A::Acc>> values;
  for (std::size_t j = tile.begin; j < tile.end; ++j) {
    scores.push_back(input.visible[j] ? input.scores[j] : k.masked());
    values.push_back(input.values[j]);
  }
  guarded_absorb(k, state, scores, values);
}

template <Guards A>
FinishedRows<A> guarded_rows(const A& k, const State<A>& state) {
  return {Finished<A>{guarded_finalize(k, state), state.m, state.l}};
}

struct GuardedForm {
  static constexpr FormEntry kEntry{
      .name = "guarded online",
      .meaning = "the online loop from m = -inf, masked keys in place with weight zero",
      .needs = FormNeeds::guards,
      .cuts = true};
  template <class A>
  static constexpr bool kRunsIn = Guards<A>;
  static Schedule plan(std::size_t keys, const Choices& choices) { return tiled(keys, choices.tile); }
  template <Guards A>
  static FinishedRows<A> rows(const A& k, const FormInput<A>& input, const Schedule& schedule) {
    State<A> state = empty_state(k, input.values[0].size());
    for (const Schedule& tile : tiles_of(schedule)) guarded_tile(k, state, input, tile);
    return guarded_rows(k, state);
  }
};

struct GuardedSplitForm {
  static constexpr FormEntry kEntry{
      .name = "guarded split",
      .meaning = "splits that each start from m = -inf, merged whether or not they saw a visible key",
      .needs = FormNeeds::guards,
      .cuts = true,
      .merges = true};
  template <class A>
  static constexpr bool kRunsIn = Guards<A>;
  static Schedule plan(std::size_t keys, const Choices& choices) {
    return planned_splits(keys, choices, keys + 1);
  }
  template <Guards A>
  static State<A> state_of(const A& k, const FormInput<A>& input, const Schedule& schedule) {
    State<A> state = empty_state(k, input.values[0].size());
    if (schedule.parts.empty()) guarded_tile(k, state, input, schedule);
    for (const Schedule& part : schedule.parts) guarded_merge_into(k, state, state_of(k, input, part));
    return state;
  }
  template <Guards A>
  static FinishedRows<A> rows(const A& k, const FormInput<A>& input, const Schedule& schedule) {
    return guarded_rows(k, state_of(k, input, schedule));
  }
};

struct LseForm {
  static constexpr FormEntry kEntry{.name = "lse rows",
                                    .meaning = "splits reduced to (lse, output), then merged",
                                    .needs = FormNeeds::log_sum_exp,
                                    .cuts = true,
                                    .merges = true};
  template <class A>
  static constexpr bool kRunsIn = LogSumExp<A>;
  static Schedule plan(std::size_t keys, const Choices& choices) {
    return planned_splits(keys, choices, keys + 1);
  }
  template <LogSumExp A>
  static std::optional<attest::Row<A>> row_of(const A& k, const FormInput<A>& input,
                                              const Schedule& schedule) {
    std::optional<attest::Row<A>> row;
    if (schedule.parts.empty()) {
      const auto state = run(k, schedule, input.scores, input.values, input);
      if (state) row = to_row(k, *state);
    }
    for (const Schedule& part : schedule.parts) {
      const auto next = row_of(k, input, part);
      if (next) row = row ? merge(k, *row, *next) : *next;
    }
    return row;
  }
  template <LogSumExp A>
  static FinishedRows<A> rows(const A& k, const FormInput<A>& input, const Schedule& schedule) {
    const auto row = row_of(k, input, schedule);
    if (!row) return {std::nullopt};
    return {Finished<A>{row->output, row->lse, k.one()}};
  }
};

}  // namespace attest
