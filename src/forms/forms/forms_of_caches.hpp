// Forms of a causal problem: rows decoded one by one, prefilled in chunks, or all at once.
#pragma once

#include <algorithm>

#include "attention/causal.hpp"
#include "attention/decode.hpp"
#include "forms/forms/form.hpp"

namespace attest::forms {

/// A causal problem over the visible keys of a case. Every row has the case's scores, so that row t is the
/// case without the keys after t.
template <semantics::Semantics A>
struct CausalInput {
  using Values = std::vector<std::vector<typename A::Acc>>;
  std::vector<std::size_t> tokens;  ///< what a cache knows a key by
  std::vector<typename A::Score> scores;
  Values values;
  std::size_t rows;  ///< wanted, at most as many as tokens

  explicit CausalInput(const FormInput<A>& input) {
    for (const std::size_t j : visible_keys(input, 0, input.scores.size())) {
      tokens.push_back(tokens.size());
      scores.push_back(input.scores[j]);
      values.push_back(input.values[j]);
    }
    rows = std::min(input.rows, tokens.size());
  }
  const typename A::Score& operator()(std::size_t, std::size_t key) const { return scores[key]; }
  /// The cache before the first row that is wanted.
  attention::Cache<A, std::size_t> past() const {
    const auto size = static_cast<std::ptrdiff_t>(tokens.size() - rows);
    return {{tokens.begin(), tokens.begin() + size}, {values.begin(), values.begin() + size}};
  }
};

struct DecodeForm {
  static constexpr FormEntry kEntry{
      .name = "decode", .meaning = "one token at a time against a cache of keys and values", .causal = true};
  template <class A>
  static constexpr bool kRunsIn = semantics::Semantics<A>;
  static attention::Schedule plan(std::size_t keys, const Choices&) { return {0, keys, {}}; }
  template <semantics::Semantics A>
  static FinishedRows<A> rows(const A& k, const FormInput<A>& input, const attention::Schedule&) {
    const CausalInput<A> causal(input);
    auto cache = causal.past();
    FinishedRows<A> rows;
    for (std::size_t t = cache.size(); t < causal.tokens.size(); ++t) {
      rows.push_back(finished(k, std::optional(decode(k, cache, t, t, causal.values[t], causal))));
    }
    if (rows.empty()) rows.emplace_back();
    return rows;
  }
};

struct ChunkedForm {
  static constexpr FormEntry kEntry{.name = "chunked prefill",
                                    .meaning = "chunks of tokens against a cache, the past in tiles",
                                    .cuts = true,
                                    .causal = true};
  template <class A>
  static constexpr bool kRunsIn = semantics::Semantics<A>;
  /// Its tiles are the chunks.
  static attention::Schedule plan(std::size_t keys, const Choices& choices) {
    return attention::tiled(keys, choices.chunk);
  }
  template <semantics::Semantics A>
  static FinishedRows<A> rows(const A& k, const FormInput<A>& input, const attention::Schedule& schedule) {
    const CausalInput<A> causal(input);
    auto cache = causal.past();
    FinishedRows<A> rows;
    for (const attention::Schedule& chunk : tiles_of(schedule)) {
      // Chunks are cut over all keys of the case; what is masked or already past falls out of them.
      const std::size_t end = visible_keys(input, 0, chunk.end).size();
      const std::size_t begin = std::max(cache.size(), visible_keys(input, 0, chunk.begin).size());
      if (begin >= end) continue;
      const auto first = static_cast<std::ptrdiff_t>(begin);
      const auto last = static_cast<std::ptrdiff_t>(end);
      const std::vector<std::size_t> tokens(causal.tokens.begin() + first, causal.tokens.begin() + last);
      const typename CausalInput<A>::Values values(causal.values.begin() + first,
                                                   causal.values.begin() + last);
      for (auto& state : prefill_chunk(k, cache, tokens, tokens, values, input.past_tile, causal)) {
        rows.push_back(finished(k, std::optional(std::move(state))));
      }
    }
    if (rows.empty()) rows.emplace_back();
    return rows;
  }
};

struct PrefillForm {
  static constexpr FormEntry kEntry{.name = "causal prefill",
                                    .meaning = "all rows of a causal problem at once, each over its tiles",
                                    .cuts = true,
                                    .causal = true};
  template <class A>
  static constexpr bool kRunsIn = semantics::Semantics<A>;
  static attention::Schedule plan(std::size_t keys, const Choices& choices) {
    return attention::tiled(keys, choices.tile);
  }
  template <semantics::Semantics A>
  static FinishedRows<A> rows(const A& k, const FormInput<A>& input, const attention::Schedule& schedule) {
    const CausalInput<A> causal(input);
    const auto offset = static_cast<std::ptrdiff_t>(causal.tokens.size() - causal.rows);
    FinishedRows<A> rows;
    const auto states = prefill(k, causal.rows, attention::CausalMask{offset}, over_visible(schedule, input),
                                causal, causal.values);
    for (const auto& state : states) rows.push_back(finished(k, state));
    if (rows.empty()) rows.emplace_back();
    return rows;
  }

 private:
  /// The schedule's ranges in terms of visible keys only.
  template <semantics::Semantics A>
  static attention::Schedule over_visible(attention::Schedule schedule, const FormInput<A>& input) {
    schedule.begin = visible_keys(input, 0, schedule.begin).size();
    schedule.end = visible_keys(input, 0, schedule.end).size();
    for (attention::Schedule& part : schedule.parts) part = over_visible(std::move(part), input);
    return schedule;
  }
};

}  // namespace attest::forms
