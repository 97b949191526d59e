#include "check/outline/feature_meanings.hpp"

#include <map>
#include <string>

#include <fmt/format.h>

#include "problem/inputs.hpp"

namespace attest::check {
namespace {

std::string_view meaning_of_option(Feature feature) {
  switch (feature) {
    case Feature::causal_top_left:
      return "row i sees keys up to i";
    case Feature::causal_bottom_right:
      return "row i sees keys up to i + kv_len - q_len, so that the last row sees all";
    case Feature::window_left:
      return "a row sees at most this many keys before its own position";
    case Feature::window_right:
      return "a row sees at most this many keys after its own position";
    case Feature::softcap:
      return "scores become softcap * tanh(score / softcap)";
    case Feature::bias:
      return "numbers that are added to the scores";
    case Feature::masking_bias:
      return "a bias that hides keys from rows, by -inf";
    case Feature::mask:
      return "bytes that say which keys a row sees";
    case Feature::broadcast:
      return "batches, heads or rows share one slice of a bias or mask";
    case Feature::alibi:
      return "a slope for each head, times the distance of row and key, is subtracted from the scores";
    case Feature::sink:
      return "a score for each head that takes a share of the weight and has no value";
    case Feature::kv_lens:
      return "the number of keys of each batch; the keys after them are padding";
    case Feature::scale:
      return "the scale is not the usual 1/sqrt(qk_dim)";
    case Feature::negative_scale:
      return "the scale is negative";
    case Feature::zero_scale:
      return "every score is 0 before a bias is added";
    case Feature::lse:
      return "the kernel must also return the logarithm of each row's denominator";
    default:
      return "";
  }
}

std::string_view meaning_of_shape(Feature feature) {
  switch (feature) {
    case Feature::several_heads:
      return "q_heads above 1";
    case Feature::grouped_heads:
      return "query heads share key/value heads in groups (GQA, MQA)";
    case Feature::several_batches:
      return "batch above 1";
    case Feature::nothing:
      return "batch, q_len or kv_len is 0";
    case Feature::single_query:
      return "q_len is 1, as in decoding";
    case Feature::longer_keys:
      return "kv_len is above q_len, as with a cache";
    case Feature::longer_queries:
      return "q_len is above kv_len; with bottom-right causality the first rows see nothing";
    case Feature::odd_dims:
      return "qk_dim or v_dim leaves a remainder";
    case Feature::wide_dims:
      return "qk_dim or v_dim of 65 or more";
    case Feature::unequal_dims:
      return "keys and values have different numbers of channels, as in MLA";
    default:
      return "";
  }
}

std::string_view meaning_of_memory(Feature feature) {
  switch (feature) {
    case Feature::permuted:
      return "the axes of q, k or v have another order in memory, such as [batch, rows, heads, dim]";
    case Feature::padded:
      return "there are gaps between the rows of q, k or v";
    case Feature::repeated:
      return "an axis of q, k or v repeats one slice";
    case Feature::strided_scores:
      return "a bias or mask is not packed in row-major order";
    case Feature::strided_vectors:
      return "the elements of a vector are not adjacent in memory";
    case Feature::strided_out:
      return "results must be written to memory that is not packed";
    case Feature::shared_address:
      return "k is q, or v is k";
    case Feature::far_offsets:
      return "the offset of an element in its tensor does not fit in 32 bits";
    case Feature::f64:
      return "64-bit floats";
    case Feature::f32:
      return "32-bit floats";
    case Feature::f16:
      return "16-bit floats of IEEE 754";
    case Feature::bf16:
      return "the upper 16 bits of 32-bit floats";
    case Feature::mixed_dtypes:
      return "mixed precision, for example f32 over a cache in f16";
    default:
      return "";
  }
}

}  // namespace

std::string_view meaning_of(Feature feature) {
  for (const auto& meaning : {meaning_of_option, meaning_of_shape, meaning_of_memory}) {
    if (const std::string_view text = meaning(feature); !text.empty()) return text;
  }
  const Input* input = input_behind(feature);
  return input != nullptr ? meaning_of_input(*input) : "";
}

std::string_view meaning_of_input(const Input& input) {
  static const std::map<std::string_view, std::string> meanings = [] {
    std::map<std::string_view, std::string> made;
    for (const Input& each : optional_inputs()) {
      made[each.name] =
          fmt::format("the tensor {} {} of the ABI (include/attest/kernel.h)", each.name, shape_text(each));
    }
    return made;
  }();
  return meanings.at(input.name);
}

}  // namespace attest::check
