// One generated case: a row of attention in small integers, and the choices that a form can make.
//
// The integers mean something else in each world (world.hpp): quarters of a nat in floats, powers of 3/2 in
// rationals, random exponents in finite fields. So one case, and one shrunken case, serves all of them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include <rapidcheck/Gen.h>
#include <rapidcheck/Seq.h>

#include "numerics/draw.hpp"

namespace attest::forms {

inline constexpr std::size_t kMostChannels = 3;

struct KeyCase {
  int score = 0;
  int grain = 0;  ///< in [0, 8): lets worlds without rounding distinguish keys of equal score; 0 keeps ties
  bool visible = true;
  std::array<int, kMostChannels> value{};  ///< the first RowCase::channels count

  friend bool operator==(const KeyCase&, const KeyCase&) = default;
};

/// Choices that do not change the result: how keys are divided, bracketed and shifted.
struct Choices {
  std::size_t tile = 1;          ///< keys per tile, >= 1
  std::size_t splits = 1;        ///< >= 1, may exceed the number of keys
  std::uint64_t bracketing = 0;  ///< seed of a random tree over tiles or splits; 0: from left to right
  bool mirrored = false;         ///< every merge takes its operands in the other order
  std::size_t chunk = 1;         ///< tokens that prefill takes at once, >= 1
  int tau = 0;                   ///< threshold of a lazy rescale, in units of scores, >= 0
  std::uint64_t maxima = 0;      ///< seed of whatever a world may choose freely at a maximum

  friend bool operator==(const Choices&, const Choices&) = default;
};

struct RowCase {
  std::vector<KeyCase> keys;  ///< at least one
  std::size_t channels = 1;   ///< 1 to kMostChannels
  int shift = 0;              ///< added to every score
  Choices choices;

  friend bool operator==(const RowCase&, const RowCase&) = default;
};

/// Kinds of rows, each with the bugs that it can reveal.
struct RowKind {
  std::string_view name;
  std::string_view reason;
  int share;                               ///< of the cases, relative to the others'
  void (*draw)(Draw& draw, RowCase& row);  ///< gives scores, grains and visibility to the row's keys
};
const std::vector<RowKind>& row_kinds();

/// The case that a source of randomness stands for; the same on every machine.
RowCase draw_row(Draw& draw);

/// Simpler cases, the largest steps first: fewer keys, all visible, plain choices, smaller integers. Every
/// chain of them ends.
rc::Seq<RowCase> shrinks_of(const RowCase& row);

/// draw_row with its shrinks; the size parameter is ignored.
rc::Gen<RowCase> any_row();

/// "scores 4 -3* 0, values 1 2 3, tile 2": a star marks a masked key, choices at their plain value are left
/// out, channels of a key are joined by '/'.
std::string describe(const RowCase& row);
/// For RapidCheck's messages.
void showValue(const RowCase& row, std::ostream& out);

}  // namespace attest::forms
