#include "space/language_model.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "attention/transformer/kv_cache.hpp"
#include "files/safetensors.hpp"
#include "kjv_logits.hpp"
#include "semantics/native.hpp"

namespace attest::space {
namespace {

const std::string kPath = trained_model_path();

files::TensorArchive trained() { return files::parse_safetensors(files::read_file(kPath)); }

// The logits after the last token.
template <semantics::Scoring A>
std::vector<double> logits_after(const A& k, const attention::Transformer<float>& weights,
                                 const std::vector<std::uint32_t>& tokens) {
  const auto model = model_in(k, weights);
  const attention::Words words = kv_cache_words(model.shape, tokens.size());
  std::vector<typename A::Acc> numbers(words.numbers), normed(model.shape.hidden);
  std::vector<typename A::Score> maxima(words.maxima);
  attention::KvCache<A> cache(k, model, tokens.size(), attention::Workspace<A>{numbers, maxima});
  for (std::size_t t = 0; t + 1 < tokens.size(); ++t) cache.append(tokens[t]);
  std::vector<double> logits;
  for_each_logit<A>(k, model, cache.append(tokens.back()), normed,
                    [&](std::size_t, auto logit) { logits.push_back(static_cast<double>(logit)); });
  return logits;
}

double largest_difference(const std::vector<double>& logits) {
  double difference = logits.size() == kKjvLogits.size() ? 0 : std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < std::min(logits.size(), kKjvLogits.size()); ++i)
    difference = std::max(difference, std::abs(logits[i] - kKjvLogits[i]));
  return difference;
}

TEST(LanguageModel, HasTheLogitsOfTheScriptThatTrainedIt) {
  const LanguageModel model = read_language_model(kPath);
  const auto tokens = tokens_of(model, kKjvPrompt);
  // In double both differ by the last printed digit and some roundings; a wrong rotation, epsilon or grouping
  // moves logits by far more than 1e-4.
  EXPECT_LT(largest_difference(logits_after(semantics::F64{}, model.transformer, tokens)), 1e-6);
  EXPECT_LT(largest_difference(logits_after(semantics::F32{}, model.transformer, tokens)), 1e-4);
  attention::Transformer<float> other = model.transformer;
  other.rope[1] *= 1.001;
  EXPECT_GT(largest_difference(logits_after(semantics::F64{}, other, tokens)), 1e-4);
}

TEST(LanguageModel, IsSmallAndHasLearned) {
  const LanguageModel model = read_language_model(kPath);
  EXPECT_EQ(model.transformer.shape.layers, 3U);
  EXPECT_LT(files::read_file(kPath).size(), 1000000U);
  EXPECT_LT(std::stod(model.held_out_perplexity), 4);  // of 63 characters
}

TEST(LanguageModel, MapsTextToTokensAndBack) {
  const LanguageModel model = read_language_model(kPath);
  const std::string text = "In the beginning\nGod";
  EXPECT_EQ(text_of(model, tokens_of(model, text)), text);
  try {
    tokens_of(model, "caf\xc3\xa9");
    FAIL();
  } catch (const UnknownCharacter& error) {
    EXPECT_NE(std::string(error.what()).find("'\xc3\xa9'; it supports: \\n !"), std::string::npos)
        << error.what();
  }
}

TEST(LanguageModel, TakesTextApartIntoCharacters) {
  using Texts = std::vector<std::string>;
  EXPECT_EQ(characters_of("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z"),
            (Texts{"a", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "z"}));
  EXPECT_EQ(characters_of("\xc3"), Texts{"\xc3"});                      // cut short
  EXPECT_EQ(characters_of("\xe2z\x82"), (Texts{"\xe2", "z", "\x82"}));  // not UTF-8
  EXPECT_EQ(characters_of(""), Texts{});
}

TEST(LanguageModel, ReadsWeightsOf16BitsExactly) {
  for (const DType dtype : {DType::f16, DType::bf16}) {
    files::TensorArchive archive = trained();
    Tensor& norm = archive.tensors.at("norm.weight");
    Tensor narrow(dtype, norm.shape());
    narrow.assign(norm.values());
    norm = narrow;
    const LanguageModel model = language_model_from(archive);
    const std::vector<double> values = narrow.values();
    EXPECT_TRUE(std::ranges::equal(model.transformer.norm, values));
  }
}

// Changes a good file's contents and expects the reader to say `what`.
template <class Change>
void expect_refused(const std::string& what, const Change& change) {
  files::TensorArchive archive = trained();
  change(archive);
  try {
    language_model_from(archive);
    ADD_FAILURE() << "read; expected: " << what;
  } catch (const files::FileFormatError& error) {
    EXPECT_NE(std::string(error.what()).find(what), std::string::npos) << error.what();
  }
}

TEST(LanguageModel, RefusesTensorsThatAreNotThoseOfTheArchitecture) {
  expect_refused("there is no tensor \"layers.1.k.weight\"",
                 [](files::TensorArchive& a) { a.tensors.erase("layers.1.k.weight"); });
  expect_refused("there is no tensor \"embed.weight\"", [](files::TensorArchive& a) { a.tensors.clear(); });
  expect_refused("tensor \"layers.2.down.weight\" has shape [176, 64]; this model's is [64, 176]",
                 [](files::TensorArchive& a) {
                   a.tensors.at("layers.2.down.weight") = Tensor(DType::f32, {176, 64});
                 });
  expect_refused("\"embed.weight\" has 1 axes",
                 [](files::TensorArchive& a) { a.tensors.at("embed.weight") = Tensor(DType::f32, {63}); });
  expect_refused("tensor \"norm.weight\" is of i32",
                 [](files::TensorArchive& a) { a.tensors.at("norm.weight") = Tensor(DType::i32, {64}); });
  expect_refused("tensor \"norm.weight\" is of F8_E4M3", [](files::TensorArchive& a) {
    a.tensors.erase("norm.weight");
    a.foreign["norm.weight"] = "F8_E4M3";
  });
  expect_refused("tensor \"norm.weight\" has a weight of nan", [](files::TensorArchive& a) {
    a.tensors.at("norm.weight").set({3}, std::numeric_limits<double>::quiet_NaN());
  });
  expect_refused("has no tensor \"layers.0.q.bias\"",
                 [](files::TensorArchive& a) { a.tensors["layers.0.q.bias"] = Tensor(DType::f32, {64}); });
  expect_refused("a model of 2 layers has no tensor \"layers.2.attention_norm.weight\"",
                 [](files::TensorArchive& a) { a.tensors.erase("layers.2.q.weight"); });
}

TEST(LanguageModel, RefusesMetadataThatDoesNotFit) {
  expect_refused("no \"characters\"", [](files::TensorArchive& a) { a.texts.erase("characters"); });
  expect_refused("names 62; \"embed.weight\" has 63 rows",
                 [](files::TensorArchive& a) { a.texts["characters"].pop_back(); });
  expect_refused("names a character twice",
                 [](files::TensorArchive& a) { a.texts["characters"].back() = 'a'; });
  expect_refused("no \"kv_heads\"", [](files::TensorArchive& a) { a.texts.erase("kv_heads"); });
  for (const char* wrong : {"", "0", "-4", "4 ", "four", "99999999999999999999"})
    expect_refused("\"q_heads\" in its metadata must be an integer from 1",
                   [&](files::TensorArchive& a) { a.texts["q_heads"] = wrong; });
  expect_refused("do not divide into 5 query heads",
                 [](files::TensorArchive& a) { a.texts["q_heads"] = "5"; });
  expect_refused("multiple of key heads", [](files::TensorArchive& a) { a.texts["kv_heads"] = "3"; });
  expect_refused("\"layers.0.k.weight\" has shape [32, 64]; this model's is [64, 64]",
                 [](files::TensorArchive& a) { a.texts["kv_heads"] = "4"; });
}

TEST(LanguageModel, NamesTheFileThatItCannotRead) {
  try {
    read_language_model("/nowhere/model.safetensors");
    FAIL();
  } catch (const files::FileFormatError& error) {
    EXPECT_NE(std::string(error.what()).find("/nowhere/model.safetensors"), std::string::npos)
        << error.what();
  }
}

}  // namespace
}  // namespace attest::space
