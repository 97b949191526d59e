// A trained language model read from a file: a transformer whose tokens are characters, and their table.
//
// safetensors with the tensors of for_each_tensor (attention/transformer/model.hpp) and these texts:
//
//     characters            the vocabulary: the character of token 0, 1, ... in UTF-8
//     q_heads, kv_heads     what no tensor's shape tells
//     held_out_perplexity   of text that it was not trained on, a character (optional, only shown)
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "attention/transformer/model.hpp"
#include "files/tensor_archive.hpp"

namespace attest::space {

struct LanguageModel {
  attention::Transformer<float> transformer;
  std::vector<std::string> characters;  ///< in UTF-8, by token
  std::string held_out_perplexity;      ///< empty: the file does not say
};

/// Weights in f32, f16 or bf16: f32 holds all of them exactly. Throws FileFormatError where a tensor or a
/// text is missing, of another shape or type, unknown to the architecture, or not finite; the message names
/// it.
LanguageModel language_model_from(const files::TensorArchive& archive);
/// The same from a safetensors file; messages begin with the path.
LanguageModel read_language_model(const std::string& path);

/// The path of the model that comes with attest: models/kjv.safetensors in the source tree.
std::string trained_model_path();

/// The characters of a text in UTF-8. A byte that starts no character counts as one.
std::vector<std::string> characters_of(std::string_view text);

/// A character that the model does not support; the message lists those that it supports.
struct UnknownCharacter : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The tokens of a text. Throws UnknownCharacter.
std::vector<std::uint32_t> tokens_of(const LanguageModel& model, std::string_view text);
std::string text_of(const LanguageModel& model, const std::vector<std::uint32_t>& tokens);

}  // namespace attest::space
