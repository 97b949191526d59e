// Rows of random positive rational weights, and what attention over them is by definition.
#pragma once

#include <optional>
#include <random>
#include <vector>

#include "attention/recurrence.hpp"
#include "semantics/rational.hpp"

namespace attest::attention {

using Number = semantics::Rational::Number;
using ExactState = State<semantics::Rational>;

/// Keys 0..n-1: weights e^s and values of `v_dim` components.
struct ExactRow {
  std::vector<semantics::Rational::Score> scores;
  std::vector<std::vector<Number>> values;
};

inline ExactRow random_row(std::mt19937_64& random, std::size_t keys, std::size_t v_dim = 2) {
  std::uniform_int_distribution<int> positive(1, 99);
  std::uniform_int_distribution<int> integer(-99, 99);
  ExactRow row;
  for (std::size_t j = 0; j < keys; ++j) {
    row.scores.push_back({Number(positive(random), positive(random))});
    row.values.emplace_back();
    for (std::size_t c = 0; c < v_dim; ++c) row.values.back().emplace_back(integer(random), positive(random));
  }
  return row;
}

/// sum w_j v_j / sum w_j over the keys in `mask` (bit j: key j), written without the recurrence; none if
/// empty.
inline std::optional<std::vector<Number>> by_definition(const ExactRow& row, unsigned mask) {
  if (mask == 0) return std::nullopt;
  std::vector<Number> output(row.values[0].size());
  Number total = 0;
  for (std::size_t j = 0; j < row.scores.size(); ++j) {
    if ((mask >> j & 1U) != 0) total += row.scores[j].weight;
  }
  for (std::size_t j = 0; j < row.scores.size(); ++j) {
    if ((mask >> j & 1U) == 0) continue;
    for (std::size_t c = 0; c < output.size(); ++c)
      output[c] += row.scores[j].weight / total * row.values[j][c];
  }
  return output;
}

/// The output of a state, or none.
inline std::optional<std::vector<Number>> output_of(const std::optional<ExactState>& state) {
  if (!state) return std::nullopt;
  return finalize(semantics::Rational{}, *state);
}

}  // namespace attest::attention
