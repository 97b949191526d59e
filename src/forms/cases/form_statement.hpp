// A law on one case: runs of a form, and claims that relate their outputs.
//
// Claims are linear relations with integer coefficients, so every world can check them: exactly, by
// enclosure, or against the sum of the error bounds of their terms.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "forms/cases/row_case.hpp"

namespace attest::forms {

/// A run of a form over a case. Causal forms compute the last `rows` causal rows over the case's visible
/// keys, the very last one being the case itself; other forms compute the case only (rows = 1).
struct FormRun {
  RowCase row;
  std::size_t rows = 1;
  std::string_view form = {};  ///< another form than the one that the law is put to; empty: that one
};

/// One finished row of a run: `back` causal rows before the last. If there are fewer rows, claims about it do
/// not apply.
struct RowRef {
  std::size_t run = 0;
  std::size_t back = 0;
};

/// The output is the weighted mean of the visible values; without any it is zero.
struct IsDefinition {
  RowRef row;
};

/// m and l stand for the sum of the visible weights.
struct TotalIsDefinition {
  RowRef row;
};

/// The sum of weights of `to` is that of `from`, `copies` times, each score moved by `shift`.
struct TotalMoves {
  RowRef from, to;
  int copies = 1;
  int shift = 0;
};

struct OutputTerm {
  RowRef row;
  int coefficient = 1;
};

/// In every channel (or in one), the sum of coefficient * output is `constant`.
struct SumIs {
  std::vector<OutputTerm> terms;
  int constant = 0;
  bool bitwise = false;  ///< exact in floats too; then two terms, whose coefficients are 1 or -1
  int channel = -1;      ///< -1: all
};

/// low <= output <= high in every channel; only asked where numbers are ordered.
struct IsWithin {
  RowRef row;
  std::array<int, kMostChannels> low{}, high{};
};

using FormClaim = std::variant<IsDefinition, TotalIsDefinition, TotalMoves, SumIs, IsWithin>;

struct FormStatement {
  std::vector<FormRun> runs;
  std::vector<FormClaim> claims;
};

/// The case of a causal row: without the last `back` visible keys. Precondition: there are more than `back`.
RowCase earlier_row(RowCase row, std::size_t back);

enum class Decision : std::uint8_t { held, violated, undecided };

struct Ruling {
  Decision decision = Decision::held;
  std::string why;  ///< of a violation: which claim, what came out; of an undecided one: why. No final period
};

/// The worse of two: violated, then undecided, then held.
inline Ruling worse(Ruling a, Ruling b) {
  const auto rank = [](const Ruling& r) {
    return r.decision == Decision::violated ? 2 : r.decision == Decision::undecided ? 1 : 0;
  };
  return rank(b) > rank(a) ? b : a;
}

}  // namespace attest::forms
