// Runs a schedule over one row's keys, some of which may be masked.
//
// Masked keys are left out, never given a score: a tile without visible keys has no state, and merging with
// no state changes nothing. So the empty set needs no number for minus infinity (guarded.hpp has one).
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "attention/recurrence.hpp"
#include "attention/schedule.hpp"

namespace attest::attention {

/// Some of a sequence's elements, by index.
template <class Sequence>
struct Selected {
  const Sequence& of;
  const std::vector<std::size_t>& indices;
  std::size_t size() const { return indices.size(); }
  decltype(auto) operator[](std::size_t j) const { return of[indices[j]]; }
};

struct AllVisible {
  bool operator()(std::size_t) const { return true; }
};

/// merge, where either set of keys may be empty.
template <semantics::Semantics A>
std::optional<State<A>> merge(const A& k, std::optional<State<A>> a, std::optional<State<A>> b) {
  if (!a) return b;
  if (b) merge_into(k, *a, *b);
  return a;
}

/// The state of the visible keys, brought together as the schedule says; none if no key is visible.
/// scores[j] and values[j][c] belong to key j; visible(j) is a plain bool, known before any number is.
template <semantics::Semantics A, class Scores, class Values, class Visible = AllVisible>
std::optional<State<A>> run(const A& k, const Schedule& schedule, const Scores& scores, const Values& values,
                            const Visible& visible = {}) {
  std::optional<State<A>> state;
  if (!schedule.parts.empty()) {
    for (const Schedule& part : schedule.parts) {
      state = merge(k, std::move(state), run(k, part, scores, values, visible));
    }
    return state;
  }
  std::vector<std::size_t> keys;
  for (std::size_t j = schedule.begin; j < schedule.end; ++j) {
    if (visible(j)) keys.push_back(j);
  }
  if (keys.empty()) return state;
  return block(k, Selected<Scores>{scores, keys}, Selected<Values>{values, keys});
}

}  // namespace attest::attention
