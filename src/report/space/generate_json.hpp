// The two decoders of a language model compared, as JSON and text.
#pragma once

#include <string>

#include "report/header.hpp"
#include "space/generate.hpp"

namespace attest::report {

struct GenerationReport {
  std::string path, prompt;
  const space::LanguageModel& model;
  const space::Generation& generation;
};

/// {"model" {path, layers, hidden, q_heads, kv_heads, head_dim, mlp_hidden, vocabulary, held_out_perplexity},
/// "prompt", "characters", "same_characters", "same_rows", "holds", "decoders"[]}: decoders[] of {name, text,
/// working_words, formula, formula_words, tape_words, leaf_evaluations, closed_form, leaves_formula,
/// heap_allocations, stack_bytes, seconds, holds}.
Json generation_json(const GenerationReport& report);
std::string generation_text(const GenerationReport& report);
/// One line: "48 of 48 characters equal, 48 of 48 rows equal bit for bit; ..."
std::string generation_summary(const space::Generation& generation);

}  // namespace attest::report
