// Greedy decoding of a language model with the KV cache and in constant space, side by side, both measured.
#pragma once

#include <functional>

#include "space/language_model.hpp"
#include "space/measure/measure.hpp"

namespace attest::space {

/// Tokens of prompt and text together: beyond, constant space would take hours.
inline constexpr std::size_t kMostDecoded = 512;

/// One decoder's text and what it took. Row t (1-based) is the one whose logits choose token t + 1: the
/// prompt's last row and those after it. The cache computes the prompt's rows as well, constant space need
/// not.
struct Decoding {
  std::string name;
  Tape tokens;  ///< the chosen ones
  std::size_t working_words = 0, formula_words = 0;
  std::string formula;
  std::size_t tape_words = 0;  ///< token ids re-read; the cache reads each once
  std::uint64_t leaf_evaluations = 0, closed_form = 0;
  std::string leaves_formula;
  std::uint64_t heap_allocations = 0;
  std::size_t stack_bytes = 0;
  double seconds = 0;
  std::vector<std::vector<float>> rows;  ///< the model's output at each chosen token, before the final norm

  /// Words and leaves are the formulas', every row's leaves too, and nothing was allocated.
  bool holds() const { return exact && working_words == formula_words && leaf_evaluations == closed_form; }
  bool exact = false;  ///< each row's leaves as derived, no heap allocation, nothing behind the workspace
};

struct Generation {
  std::size_t prompt = 0;  ///< tokens
  Decoding kv_cache, constant_space;

  std::size_t same_tokens() const;  ///< chosen alike, up to the first that is not
  std::size_t same_rows() const;    ///< with the same bits
  bool holds() const;               ///< both ledgers, all tokens and all bits
};

/// Chosen so far, of how many, and the share of all the leaf evaluations that is done.
using GenerationProgress = std::function<void(std::size_t done, std::size_t of, double share)>;

/// Decodes `characters` tokens after the prompt, in f32; of equal logits the first token wins. `progress` is
/// called by another thread, some times a second. Precondition: a prompt of at least one token, tokens below
/// the vocabulary, characters >= 1, no more than kMostDecoded together; a model without prefix states.
Generation generate(const attention::Transformer<float>& model, const Tape& prompt, std::size_t characters,
                    const GenerationProgress& progress);

/// Leaf evaluations of constant space: row t makes C(t+N-1, N), for the rows t = prompt .. prompt +
/// characters
/// - 1. That is C(P+M-1+N, N+1) - C(P-1+N, N+1).
std::uint64_t constant_space_leaves(std::size_t layers, std::size_t prompt, std::size_t characters);

}  // namespace attest::space
