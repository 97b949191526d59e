// A form: one way to combine a row's keys, over any semantics that supports it.
//
// Each form is a struct with its entry, `kRunsIn<A>`, the schedule that it makes of a case's choices, and
// `rows`, which runs any schedule, so that all schedules of few keys can be tried as well.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "attention/recurrence.hpp"
#include "attention/schedule.hpp"
#include "forms/cases/row_case.hpp"

namespace attest::forms {

/// What a form needs of a semantics in addition to the recurrence's operations.
enum class FormNeeds : std::uint8_t { nothing, guards, thresholds, log_sum_exp, matrices };

struct FormEntry {
  std::string_view name;
  std::string_view meaning;  ///< one sentence without a final period
  FormNeeds needs = FormNeeds::nothing;
  bool cuts = false;              ///< how keys are cut into tiles, splits or chunks is a choice
  bool merges = false;            ///< merges states of several keys, in an order that is a choice
  bool causal = false;            ///< computes rows of a causal problem, whose only mask is causality
  bool normalises_first = false;  ///< divides weights by their sum before they meet a value
};

/// A case in numbers of a semantics.
template <semantics::Semantics A>
struct FormInput {
  std::vector<typename A::Score> scores;
  std::vector<std::vector<typename A::Acc>> values;  ///< [key][channel]
  std::vector<bool> visible;
  typename A::Score tau;      ///< of lazy rescales
  std::size_t past_tile = 1;  ///< tile in which a chunk reads the cache
  std::size_t rows = 1;       ///< causal rows wanted, the last ones

  bool operator()(std::size_t j) const { return visible[j]; }
};

/// The indices begin..end-1 of visible keys.
template <semantics::Semantics A>
std::vector<std::size_t> visible_keys(const FormInput<A>& input, std::size_t begin, std::size_t end) {
  std::vector<std::size_t> keys;
  for (std::size_t j = begin; j < end; ++j) {
    if (input.visible[j]) keys.push_back(j);
  }
  return keys;
}

/// A finished row: its output, and the running max and denominator that stand for its sum of weights.
template <semantics::Semantics A>
struct Finished {
  std::vector<typename A::Acc> output;
  typename A::Score m;
  typename A::Acc l;
};

/// The rows of a run, the case itself last; none for a row that sees no key.
template <semantics::Semantics A>
using FinishedRows = std::vector<std::optional<Finished<A>>>;

template <semantics::Semantics A>
std::optional<Finished<A>> finished(const A& k, const std::optional<attention::State<A>>& state) {
  if (!state) return std::nullopt;
  return Finished<A>{finalize(k, *state), state->m, state->l};
}

/// The tiles of a schedule, from left to right.
inline void append_tiles(const attention::Schedule& schedule, std::vector<attention::Schedule>& tiles) {
  if (schedule.parts.empty()) tiles.push_back(schedule);
  for (const attention::Schedule& part : schedule.parts) append_tiles(part, tiles);
}
inline std::vector<attention::Schedule> tiles_of(const attention::Schedule& schedule) {
  std::vector<attention::Schedule> tiles;
  append_tiles(schedule, tiles);
  return tiles;
}

/// The parts under a tree of pairs drawn from the seed; from left to right when the seed is 0. Precondition:
/// the parts are consecutive.
attention::Schedule bracketed(std::vector<attention::Schedule> parts, std::uint64_t seed);
/// Every node with its parts in reverse: all merges with their operands swapped.
attention::Schedule mirrored(attention::Schedule schedule);

}  // namespace attest::forms
