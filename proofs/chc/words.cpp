#include "chc/words.hpp"

#include "attention/transformer/kv_cache.hpp"
#include "attention/transformer/recompute.hpp"

namespace attest::proofs {
namespace {

constexpr attention::ModelShape shape_of(std::size_t layers) {
  return {.layers = layers,
          .hidden = 6,
          .q_heads = 4,
          .kv_heads = 2,
          .head_dim = 2,
          .mlp_hidden = 5,
          .vocabulary = 11,
          .prefix = 0};
}

}  // namespace

EvaluatorWords small_model_words() {
  const attention::ModelShape shape = shape_of(1);
  return {attention::frame_words(shape).total(),
          (attention::key_value_words(shape) + attention::scratch_words(shape)).total()};
}

std::size_t words_recomputed(std::size_t layers) {
  return attention::recompute_words(shape_of(layers)).total();
}

std::size_t words_cached(std::size_t layers, std::size_t tokens) {
  return attention::kv_cache_words(shape_of(layers), tokens).total();
}

}  // namespace attest::proofs
