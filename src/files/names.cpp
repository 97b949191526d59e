#include "files/names.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "files/tensor_archive.hpp"
#include "problem/quote.hpp"
#include "problem/signature.hpp"

namespace attest::files {
namespace {

using Names = std::vector<std::string_view>;
using Alias = std::pair<std::string_view, std::string_view>;

// What PyTorch, flash-attn, xFormers, JAX, FlashInfer, ONNX, vLLM and papers say, in lower case.
constexpr auto kAliases = std::to_array<Alias>({
    {"query", "q"},
    {"queries", "q"},
    {"query_states", "q"},
    {"key", "k"},
    {"keys", "k"},
    {"key_states", "k"},
    {"key_cache", "k"},
    {"k_cache", "k"},
    {"value", "v"},
    {"values", "v"},
    {"value_states", "v"},
    {"value_cache", "v"},
    {"v_cache", "v"},
    {"o", "out"},
    {"y", "out"},
    {"output", "out"},
    {"outputs", "out"},
    {"result", "out"},
    {"attn_output", "out"},
    {"attn_out", "out"},
    {"softmax_lse", "lse"},
    {"logsumexp", "lse"},
    {"log_sum_exp", "lse"},
    {"attn_mask", "mask"},
    {"attention_mask", "mask"},
    {"bool_mask", "mask"},
    {"key_padding_mask", "mask"},
    {"custom_mask", "mask"},
    {"attn_bias", "bias"},
    {"attention_bias", "bias"},
    {"additive_mask", "bias"},
    {"slopes", "alibi_slopes"},
    {"alibi", "alibi_slopes"},
    {"alibi_slope", "alibi_slopes"},
    {"sinks", "sink"},
    {"s_aux", "sink"},
    {"attention_sinks", "sink"},
    {"seqlens_k", "kv_lens"},
    {"seq_lens", "kv_lens"},
    {"seqlens", "kv_lens"},
    {"cache_seqlens", "kv_lens"},
    {"kv_seq_lens", "kv_lens"},
    {"kv_seqlens", "kv_lens"},
    {"kv_lengths", "kv_lens"},
    {"key_value_seq_lengths", "kv_lens"},
    {"nonpad_kv_seqlen", "kv_lens"},
    {"is_causal", "causal"},
    {"causal_mask", "causal"},
    {"unidirectional", "causal"},
    {"mask_type", "causal"},
    {"softmax_scale", "scale"},
    {"sm_scale", "scale"},
    {"qk_scale", "scale"},
    {"scaling", "scale"},
    {"scale_factor", "scale"},
    {"left_window_size", "window_left"},
    {"window_size_left", "window_left"},
    {"sliding_window", "window_left"},
    {"local_window_size", "window_left"},
    {"window_size", "window_left"},
    {"right_window_size", "window_right"},
    {"window_size_right", "window_right"},
    {"logits_soft_cap", "softcap"},
    {"logit_softcap", "softcap"},
    {"logit_cap", "softcap"},
    {"soft_cap", "softcap"},
    {"softcapping", "softcap"},
    {"q_num_heads", "q_heads"},
    {"num_q_heads", "q_heads"},
    {"num_heads", "q_heads"},
    {"n_heads", "q_heads"},
    {"num_attention_heads", "q_heads"},
    {"kv_num_heads", "kv_heads"},
    {"num_kv_heads", "kv_heads"},
    {"n_kv_heads", "kv_heads"},
    {"num_key_value_heads", "kv_heads"},
    {"q_offset", "q_start"},
    {"query_offset", "q_start"},
    {"causal_offset", "q_start"},
    {"start_pos", "q_start"},
    {"cache_position", "q_start"},
    {"past_length", "q_start"},
    {"past_key_values_length", "q_start"},
    {"tensor_layout", "layout"},
    {"qkv_format", "layout"},
    {"input_layout", "layout"},
});

// Never read: where a file comes from.
constexpr std::array<std::string_view, 4> kRemarks{"format", "version", "reason", "note"};

Names tensor_names() {
  Names names;
  for (const Input& input : kForward.inputs) names.push_back(input.name);
  for (const OutputTensor& output : kForward.outputs) names.push_back(output.name);
  return names;
}

Names text_names() {
  Names names;
  for (const Scalar& scalar : kForward.scalars) names.push_back(scalar.name);
  for (const std::string_view other :
       {"layout", "q_heads", "kv_heads", "q_start", "contract", "want_lse", "status"})
    names.push_back(other);
  return names;
}

bool is_remark(const std::string& name) {
  return name.starts_with("note_") || std::find(kRemarks.begin(), kRemarks.end(), name) != kRemarks.end();
}

bool holds(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string lower(std::string_view text) {
  std::string made(text);
  std::transform(made.begin(), made.end(), made.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return made;
}

// Among all names, since a scalar may have been stored as a tensor and the reverse.
std::string meant(const std::string& name, const Names& all) {
  const std::string plain = lower(name);
  if (holds(all, plain)) return plain;
  const auto alias =
      std::find_if(kAliases.begin(), kAliases.end(), [&](const Alias& a) { return a.first == plain; });
  return alias != kAliases.end() ? std::string(alias->second) : closest_word(plain, all);
}

[[noreturn]] void unknown(const char* what, const std::string& name, const Names& known) {
  Names all = tensor_names();
  for (const std::string_view text : text_names()) all.push_back(text);
  const std::string guess = meant(name, all);
  if (guess.empty())
    throw FileFormatError(
        fmt::format("unknown {} '{}'; known are {}", what, quote(name, 24), fmt::join(known, ", ")));
  const bool elsewhere = guess == name;
  throw FileFormatError(elsewhere
                            ? fmt::format("'{}' is no {}; {}", name, what,
                                          holds(tensor_names(), guess)
                                              ? "it is a tensor, whose shape is [1] for one value"
                                              : "it is a text of the metadata")
                            : fmt::format("unknown {} '{}'; did you mean {}", what, quote(name, 40), guess));
}

}  // namespace

void require_tensor_name(const std::string& name) {
  if (const Names known = tensor_names(); !holds(known, name)) unknown("tensor", name, known);
}

void require_text_name(const std::string& name) {
  if (const Names known = text_names(); !holds(known, name) && !is_remark(name)) unknown("text", name, known);
}

void require_any_name(const std::string& name) {
  Names known = tensor_names();
  for (const std::string_view text : text_names()) known.push_back(text);
  if (!holds(known, name) && !is_remark(name)) unknown("array", name, known);
}

}  // namespace attest::files
