// Every way to compute a cell's rows: one pass, re-read, from the definition, and from segments merged in two
// bracketings.
#pragma once

#include <array>
#include <string_view>

#include "cell_cases.hpp"

namespace attest::properties {

template <class C>
using CellRows = std::vector<std::vector<typename C::A::Acc>>;

inline constexpr std::array<std::string_view, 5> kWays{"one pass", "re-read", "closed form",
                                                       "chunks from the left", "chunks from the right"};

template <class C, class W>
std::vector<typename C::Token> tokens_of(const W& w, const CellCase& c) {
  std::vector<typename C::Token> tokens;
  for (const auto& integers : c.tokens) tokens.push_back(C::token(w, integers));
  return tokens;
}

/// The states of the segments that `cuts` makes of tokens 0 .. t-1; the first may be empty.
template <class C, class Cell, class Tokens>
auto segments(const Cell& cell, const Tokens& tokens, std::size_t t, unsigned cuts) {
  std::vector all{C::empty(cell)};
  for (std::size_t j = 0; j < t; ++j) {
    cell.step(all.back(), tokens[j]);
    if ((cuts >> j & 1U) != 0) all.push_back(C::empty(cell));
  }
  return all;
}

/// Row t after segments, merged ((s0 s1) s2) ... or s0 (s1 (s2 ...)).
template <class C, class Cell, class Tokens, class Output>
void chunked_row(const Cell& cell, const Tokens& tokens, std::size_t t, unsigned cuts, bool from_left,
                 Output& row) {
  auto all = segments<C>(cell, tokens, t, cuts);
  while (all.size() > 1) {
    const std::size_t at = from_left ? 0 : all.size() - 2;
    cell.merge_into(all[at], all[at + 1]);
    all.erase(all.begin() + static_cast<std::ptrdiff_t>(at) + 1);
  }
  cell.emit(all.front(), tokens[t], row);
}

/// All rows, in the order of kWays. `cell` is C's or one with a fault in it.
template <class C, class Cell, class W>
std::array<CellRows<C>, kWays.size()> rows_in_every_way(const Cell& cell, const W& w, const CellCase& c) {
  const auto tokens = tokens_of<C>(w, c);
  const CellRows<C> blank(tokens.size(), std::vector<typename C::A::Acc>(C::kOutputs, w.k.zero()));
  std::array<CellRows<C>, kWays.size()> ways{blank, blank, blank, blank, blank};
  attention::one_pass(cell, C::empty(cell), tokens, ways[0]);
  for (std::size_t t = 0; t < tokens.size(); ++t) {
    attention::flip_book_row(cell, C::empty(cell), tokens, t, ways[1][t]);
    cell.closed_form(tokens, t, ways[2][t]);
    chunked_row<C>(cell, tokens, t, c.cuts, true, ways[3][t]);
    chunked_row<C>(cell, tokens, t, c.cuts, false, ways[4][t]);
  }
  return ways;
}

/// The first way whose rows do not agree with those of one pass; empty when all do.
template <class C, class Cell, class W>
std::string_view departure(const Cell& cell, const W& w, const CellCase& c) {
  const auto ways = rows_in_every_way<C>(cell, w, c);
  for (std::size_t way = 1; way < ways.size(); ++way) {
    for (std::size_t t = 0; t < c.tokens.size(); ++t) {
      for (std::size_t i = 0; i < C::kOutputs; ++i) {
        if (!W::agree(ways[way][t][i], ways[0][t][i])) return kWays[way];
      }
    }
  }
  return "";
}

}  // namespace attest::properties
