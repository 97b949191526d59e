// The flip-book RNN: for every row the cell starts anew and re-reads all tokens up to that row.
//
// Nothing is kept between rows but the tape of tokens, so the state is one cell's, whatever the length; L
// rows cost L (L + 1) / 2 steps. A cell has a State and
//
//     step(state, token)           one more token
//     emit(state, token, output)   the same, and the output row of that token
//
// Cells: linear_attention.hpp, retention.hpp, wkv.hpp, selective_scan.hpp, attention.hpp. Only attention
// needs the re-reading: what it keeps of a token depends on the row's query. The others give the same rows in
// one pass (`one_pass`).
#pragma once

#include <cstddef>
#include <utility>

namespace attest::attention {

/// Row t: tokens 0..t from `state`, the cell's state of no tokens. Writes the row to `output`.
template <class Cell, class State, class Tokens, class Output>
void flip_book_row(const Cell& cell, State&& state, const Tokens& tokens, std::size_t t, Output&& output) {
  for (std::size_t j = 0; j < t; ++j) cell.step(state, tokens[j]);
  cell.emit(state, tokens[t], output);
}

/// All rows of an ordinary RNN: outputs[t] is row t.
template <class Cell, class State, class Tokens, class Outputs>
void one_pass(const Cell& cell, State&& state, const Tokens& tokens, Outputs&& outputs) {
  for (std::size_t t = 0; t < tokens.size(); ++t) cell.emit(state, tokens[t], outputs[t]);
}

}  // namespace attest::attention
