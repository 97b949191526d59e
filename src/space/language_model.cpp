#include "space/language_model.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "files/installed/run_time_files.hpp"
#include "files/safetensors.hpp"

namespace attest::space {
namespace {

const Tensor& tensor_in(const files::TensorArchive& archive, const std::string& name) {
  const auto found = archive.tensors.find(name);
  if (found != archive.tensors.end()) return found->second;
  if (const auto foreign = archive.foreign.find(name); foreign != archive.foreign.end())
    throw files::FileFormatError(
        fmt::format("tensor \"{}\" is of {}; weights are F32, F16 or BF16", name, foreign->second));
  throw files::FileFormatError(fmt::format("there is no tensor \"{}\"", name));
}

const std::string& text_in(const files::TensorArchive& archive, const std::string& name) {
  const auto found = archive.texts.find(name);
  if (found == archive.texts.end())
    throw files::FileFormatError(fmt::format("its metadata has no \"{}\"", name));
  return found->second;
}

std::size_t size_in(const files::TensorArchive& archive, const std::string& name) {
  const std::string& text = text_in(archive, name);
  std::size_t size = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
  constexpr std::size_t kMost = 1 << 20;
  if (error != std::errc() || end != text.data() + text.size() || size == 0 || size > kMost)
    throw files::FileFormatError(
        fmt::format("\"{}\" in its metadata must be an integer from 1 to {}, not \"{}\"", name, kMost, text));
  return size;
}

// The rows of a matrix, and through `columns` its columns.
std::size_t rows_in(const files::TensorArchive& archive, const std::string& name,
                    std::size_t* columns = nullptr) {
  const Tensor& tensor = tensor_in(archive, name);
  if (tensor.rank() != 2)
    throw files::FileFormatError(
        fmt::format("tensor \"{}\" has {} axes; a matrix has 2", name, tensor.rank()));
  if (columns != nullptr) *columns = static_cast<std::size_t>(tensor.dim(1));
  return static_cast<std::size_t>(tensor.dim(0));
}

attention::ModelShape shape_in(const files::TensorArchive& archive) {
  attention::ModelShape shape;
  shape.vocabulary = rows_in(archive, "embed.weight", &shape.hidden);
  shape.q_heads = size_in(archive, "q_heads");
  shape.kv_heads = size_in(archive, "kv_heads");
  const std::size_t q_dim = rows_in(archive, "layers.0.q.weight");
  if (q_dim % shape.q_heads != 0)
    throw files::FileFormatError(fmt::format(
        "{} rows of \"layers.0.q.weight\" do not divide into {} query heads", q_dim, shape.q_heads));
  shape.head_dim = q_dim / shape.q_heads;
  shape.mlp_hidden = rows_in(archive, "layers.0.gate.weight");
  if (archive.tensors.contains("layers.0.prefix_keys"))
    shape.prefix = rows_in(archive, "layers.0.prefix_keys");
  shape.layers = 1;
  while (archive.tensors.contains(fmt::format("layers.{}.q.weight", shape.layers))) ++shape.layers;
  if (const std::string why = attention::why_not(shape); !why.empty()) throw files::FileFormatError(why);
  return shape;
}

void read_weights(const std::string& name, const Tensor& tensor, const std::vector<std::size_t>& dimensions,
                  std::vector<float>& weights) {
  if (!std::ranges::equal(tensor.shape(), dimensions,
                          [](std::int64_t a, std::size_t b) { return static_cast<std::size_t>(a) == b; }))
    throw files::FileFormatError(fmt::format("tensor \"{}\" has shape [{}]; this model's is [{}]", name,
                                             fmt::join(tensor.shape(), ", "), fmt::join(dimensions, ", ")));
  if (tensor.dtype() != DType::f32 && tensor.dtype() != DType::f16 && tensor.dtype() != DType::bf16)
    throw files::FileFormatError(
        fmt::format("tensor \"{}\" is of {}; weights are f32, f16 or bf16", name, name_of(tensor.dtype())));
  for (const double weight : tensor.values()) {
    if (!std::isfinite(weight))
      throw files::FileFormatError(fmt::format("tensor \"{}\" has a weight of {}", name, weight));
    weights.push_back(static_cast<float>(weight));
  }
}

std::vector<std::string> table_in(const files::TensorArchive& archive, std::size_t vocabulary) {
  std::vector<std::string> characters = characters_of(text_in(archive, "characters"));
  std::vector<std::string> sorted = characters;
  std::ranges::sort(sorted);
  if (std::ranges::adjacent_find(sorted) != sorted.end())
    throw files::FileFormatError("\"characters\" in its metadata names a character twice");
  if (characters.size() != vocabulary)
    throw files::FileFormatError(
        fmt::format("\"characters\" in its metadata names {}; \"embed.weight\" has {} rows",
                    characters.size(), vocabulary));
  return characters;
}

// Characters as an error message shows them.
std::string shown(const std::string& character) {
  if (character.size() > 1) return character;
  const auto byte = static_cast<unsigned char>(character[0]);
  if (byte == '\n') return "\\n";
  return byte < 0x20 || byte >= 0x7f ? fmt::format("\\x{:02x}", byte) : character;
}

}  // namespace

std::vector<std::string> characters_of(std::string_view text) {
  std::vector<std::string> characters;
  while (!text.empty()) {
    const auto lead = static_cast<unsigned char>(text[0]);
    const std::size_t length = lead < 0xc2 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 1;
    const std::string_view whole = text.substr(0, length);
    const bool valid = whole.size() == length && std::all_of(whole.begin() + 1, whole.end(), [](char c) {
                         return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
                       });
    characters.emplace_back(text.substr(0, valid ? length : 1));
    text.remove_prefix(characters.back().size());
  }
  return characters;
}

LanguageModel language_model_from(const files::TensorArchive& archive) {
  LanguageModel model;
  attention::Transformer<float>& t = model.transformer;
  t.shape = shape_in(archive);
  model.characters = table_in(archive, t.shape.vocabulary);
  t.layers.resize(t.shape.layers);
  t.rope = attention::rope_frequencies(t.shape);
  std::size_t known = 0;
  attention::for_each_tensor(
      t, [&](const std::string& name, const auto& dimensions, std::vector<float>& weights) {
        read_weights(name, tensor_in(archive, name), dimensions, weights);
        ++known;
      });
  if (known < archive.tensors.size()) {
    std::vector<std::string> unknown;
    for (const auto& [name, tensor] : archive.tensors) unknown.push_back(name);
    attention::for_each_tensor(
        t, [&](const std::string& name, const auto&, const auto&) { std::erase(unknown, name); });
    throw files::FileFormatError(
        fmt::format("a model of {} layers has no tensor \"{}\"", t.shape.layers, unknown.front()));
  }
  if (const auto found = archive.texts.find("held_out_perplexity"); found != archive.texts.end())
    model.held_out_perplexity = found->second;
  return model;
}

LanguageModel read_language_model(const std::string& path) {
  const files::FileSource file(path, files::kMostFileBytes);
  try {
    return language_model_from(files::parse_safetensors(file));
  } catch (const files::FileFormatError& error) {
    throw files::FileFormatError(fmt::format("{}: {}", path, error.what()));
  }
}

std::string trained_model_path() {
  return files::run_time_file("share/attest/models/kjv.safetensors", ATTEST_MODELS_DIR "/kjv.safetensors")
      .string();
}

std::vector<std::uint32_t> tokens_of(const LanguageModel& model, std::string_view text) {
  std::vector<std::uint32_t> tokens;
  for (const std::string& character : characters_of(text)) {
    const auto found = std::ranges::find(model.characters, character);
    if (found == model.characters.end()) {
      std::string known;
      for (const std::string& c : model.characters) known += shown(c);
      throw UnknownCharacter(fmt::format("the model does not support the character '{}'; it supports: {}",
                                         shown(character), known));
    }
    tokens.push_back(static_cast<std::uint32_t>(found - model.characters.begin()));
  }
  return tokens;
}

std::string text_of(const LanguageModel& model, const std::vector<std::uint32_t>& tokens) {
  std::string text;
  for (const std::uint32_t token : tokens) text += model.characters.at(token);
  return text;
}

}  // namespace attest::space
