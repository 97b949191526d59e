// Forms that absorb tiles at the running max: FlashAttention's loop, guarded, split, and lazily rescaled.
#pragma once

#include "attention/guarded.hpp"
#include "attention/lazy.hpp"
#include "attention/lse.hpp"
#include "attention/run.hpp"
#include "forms/forms/forms_of_states.hpp"

namespace attest::forms {

/// Tiles one after the other, masked keys left out: `block` for the first that has any, then
/// more(state, scores, values).
template <semantics::Semantics A, class More>
std::optional<attention::State<A>> looped(const A& k, const FormInput<A>& input,
                                          const attention::Schedule& schedule, const More& more) {
  using Scores = std::vector<typename A::Score>;
  using Values = std::vector<std::vector<typename A::Acc>>;
  std::optional<attention::State<A>> state;
  for (const attention::Schedule& tile : tiles_of(schedule)) {
    const std::vector<std::size_t> keys = visible_keys(input, tile.begin, tile.end);
    if (keys.empty()) continue;
    const attention::Selected<Scores> scores{input.scores, keys};
    const attention::Selected<Values> values{input.values, keys};
    if (state) {
      more(*state, scores, values);
    } else {
      state = attention::block(k, scores, values);
    }
  }
  return state;
}

struct OnlineForm {
  static constexpr FormEntry kEntry{
      .name = "online", .meaning = "tiles absorbed at the running max, FlashAttention's loop", .cuts = true};
  template <class A>
  static constexpr bool kRunsIn = semantics::Semantics<A>;
  static attention::Schedule plan(std::size_t keys, const Choices& choices) {
    return attention::tiled(keys, choices.tile);
  }
  template <semantics::Semantics A>
  static FinishedRows<A> rows(const A& k, const FormInput<A>& input, const attention::Schedule& schedule) {
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
  static constexpr bool kRunsIn = semantics::Thresholds<A>;
  static attention::Schedule plan(std::size_t keys, const Choices& choices) {
    return attention::tiled(keys, choices.tile);
  }
  template <semantics::Thresholds A>
  static FinishedRows<A> rows(const A& k, const FormInput<A>& input, const attention::Schedule& schedule) {
    return {finished(k, looped(k, input, schedule, [&](auto& state, const auto& scores, const auto& values) {
                       lazy_absorb(k, state, scores, values, input.tau);
                     }))};
  }
};

/// The state of begin..end-1 from the empty state on, masked keys in their place with weight zero.
template <semantics::Guards A>
void guarded_tile(const A& k, attention::State<A>& state, const FormInput<A>& input,
                  const attention::Schedule& tile) {
  std::vector<typename A::Score> scores;
  std::vector<std::vector<typename A::Acc>> values;
  for (std::size_t j = tile.begin; j < tile.end; ++j) {
    scores.push_back(input.visible[j] ? input.scores[j] : k.masked());
    values.push_back(input.values[j]);
  }
  guarded_absorb(k, state, scores, values);
}

template <semantics::Guards A>
FinishedRows<A> guarded_rows(const A& k, const attention::State<A>& state) {
  return {Finished<A>{guarded_finalize(k, state), state.m, state.l}};
}

struct GuardedForm {
  static constexpr FormEntry kEntry{
      .name = "guarded online",
      .meaning = "the online loop from m = -inf, masked keys in place with weight zero",
      .needs = FormNeeds::guards,
      .cuts = true};
  template <class A>
  static constexpr bool kRunsIn = semantics::Guards<A>;
  static attention::Schedule plan(std::size_t keys, const Choices& choices) {
    return attention::tiled(keys, choices.tile);
  }
  template <semantics::Guards A>
  static FinishedRows<A> rows(const A& k, const FormInput<A>& input, const attention::Schedule& schedule) {
    attention::State<A> state = attention::empty_state(k, input.values[0].size());
    for (const attention::Schedule& tile : tiles_of(schedule)) guarded_tile(k, state, input, tile);
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
  static constexpr bool kRunsIn = semantics::Guards<A>;
  static attention::Schedule plan(std::size_t keys, const Choices& choices) {
    return planned_splits(keys, choices, keys + 1);
  }
  template <semantics::Guards A>
  static attention::State<A> state_of(const A& k, const FormInput<A>& input,
                                      const attention::Schedule& schedule) {
    attention::State<A> state = attention::empty_state(k, input.values[0].size());
    if (schedule.parts.empty()) guarded_tile(k, state, input, schedule);
    for (const attention::Schedule& part : schedule.parts)
      guarded_merge_into(k, state, state_of(k, input, part));
    return state;
  }
  template <semantics::Guards A>
  static FinishedRows<A> rows(const A& k, const FormInput<A>& input, const attention::Schedule& schedule) {
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
  static constexpr bool kRunsIn = semantics::LogSumExp<A>;
  static attention::Schedule plan(std::size_t keys, const Choices& choices) {
    return planned_splits(keys, choices, keys + 1);
  }
  template <semantics::LogSumExp A>
  static std::optional<attest::attention::Row<A>> row_of(const A& k, const FormInput<A>& input,
                                                         const attention::Schedule& schedule) {
    std::optional<attest::attention::Row<A>> row;
    if (schedule.parts.empty()) {
      const auto state = run(k, schedule, input.scores, input.values, input);
      if (state) row = to_row(k, *state);
    }
    for (const attention::Schedule& part : schedule.parts) {
      const auto next = row_of(k, input, part);
      if (next) row = row ? merge(k, *row, *next) : *next;
    }
    return row;
  }
  template <semantics::LogSumExp A>
  static FinishedRows<A> rows(const A& k, const FormInput<A>& input, const attention::Schedule& schedule) {
    const auto row = row_of(k, input, schedule);
    if (!row) return {std::nullopt};
    return {Finished<A>{row->output, row->lse, k.one()}};
  }
};

}  // namespace attest::forms
