// The flip-book RNN's ledger: cells that re-read the tape for every row, their state in words and their
// steps.
#pragma once

#include <string>
#include <vector>

#include "space/measure/measure.hpp"

namespace attest::space {

struct FlipBookEntry {
  std::string name;
  std::size_t length = 0;
  std::size_t state_words = 0, formula_words = 0;  ///< written, and derived: neither depends on the length
  std::string formula;
  std::uint64_t steps = 0, closed_form = 0;  ///< closed form: L (L+1) / 2
  std::uint64_t heap_allocations = 0;
  std::size_t stack_bytes = 0;
  bool same_bits =
      false;  ///< rows re-read = rows of one pass; attention: of the recurrence over the same keys

  bool holds() const {
    return state_words == formula_words && steps == closed_form && heap_allocations == 0 && same_bits;
  }
};

/// Every cell in f32 over a tape of `length` tokens whose vectors are drawn from the seed.
std::vector<FlipBookEntry> measure_flip_books(std::size_t length, std::uint64_t seed);

}  // namespace attest::space
