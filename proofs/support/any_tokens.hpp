// Arbitrary tokens for the flip-book's cells, and what it means that their rows are right.
#pragma once

#include <string>
#include <vector>

#include <fmt/format.h>

#include "attention/cells/flip_book.hpp"
#include "support/real_theorem.hpp"

namespace attest::proofs {

enum class Sign : std::uint8_t { any, positive };

/// Fresh numbers name0, name1, ...
template <class World, class A>
std::vector<typename A::Acc> any_numbers(World& world, const A& k, const std::string& name, std::size_t count,
                                         Sign sign = Sign::any) {
  std::vector<typename A::Acc> numbers;
  for (std::size_t n = 0; n < count; ++n) {
    const auto x = world.real(name + std::to_string(n));
    if (sign == Sign::positive) world.assume(x > 0);
    numbers.push_back(as_numerator(k, x));
  }
  return numbers;
}

/// A fresh score; in the exponential domain, a weight > 0.
template <class World, class A>
typename A::Score any_score(World& world, const A& k, const std::string& name) {
  const auto weight = world.real(name);
  world.assume(weight > 0);
  return as_score(k, weight);
}

template <class World, class A>
void show_same_numbers(World& world, const A& k, const std::vector<typename A::Acc>& x,
                       const std::vector<typename A::Acc>& y, const std::string& note) {
  for (std::size_t n = 0; n < x.size(); ++n)
    world.show(fmt::format("{} {}", note, n), number_of(k, x[n]) == number_of(k, y[n]));
}

/// That row t of the recurrent cell over `heard` is the closed form's over `tokens`; rows of one component.
template <class World, class A, class Cell, class S, class Tokens>
void show_row(World& world, const A& k, const Cell& cell, S state, const Tokens& tokens, std::size_t t,
              const Tokens& heard) {
  std::vector<typename A::Acc> row{k.one()};
  std::vector<typename A::Acc> expected{k.one()};
  attention::flip_book_row(cell, state, heard, t, row);
  cell.closed_form(tokens, t, expected);
  world.show(fmt::format("row {}", t), number_of(k, row[0]) == number_of(k, expected[0]));
}

/// Every row, re-read from `empty`.
template <class World, class A, class Cell, class S, class Tokens>
void show_closed_form(World& world, const A& k, const Cell& cell, const S& empty, const Tokens& tokens) {
  for (std::size_t t = 0; t < tokens.size(); ++t) show_row(world, k, cell, empty, tokens, t, tokens);
}

}  // namespace attest::proofs
