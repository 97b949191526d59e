// Causal attention: all rows at once, each over the keys up to its own position.
#pragma once

#include <optional>
#include <vector>

#include "attention/run.hpp"

namespace attest::attention {

/// Row i sits at position i + offset and sees keys 0 to i + offset. With L rows over n keys, offset n - L
/// aligns the last row with the last key; a negative position sees nothing.
struct CausalMask {
  std::ptrdiff_t offset = 0;
  bool operator()(std::size_t i, std::size_t j) const {
    return static_cast<std::ptrdiff_t>(j) <= static_cast<std::ptrdiff_t>(i) + offset;
  }
};

/// The states of `rows` rows, each brought together by `schedule` over all of `values`, masked keys left out;
/// none for a row that sees no key. score(i, j) is called once for each visible pair.
template <semantics::Semantics A, class Score, class Values>
std::vector<std::optional<State<A>>> prefill(const A& k, std::size_t rows, CausalMask mask,
                                             const Schedule& schedule, const Score& score,
                                             const Values& values) {
  std::vector<std::optional<State<A>>> states;
  for (std::size_t i = 0; i < rows; ++i) {
    std::vector<typename A::Score> scores;  // visible keys are a prefix
    for (std::size_t j = 0; j < values.size() && mask(i, j); ++j) scores.push_back(score(i, j));
    states.push_back(run(k, schedule, scores, values, [&](std::size_t j) { return mask(i, j); }));
  }
  return states;
}

}  // namespace attest::attention
