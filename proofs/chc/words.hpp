// The words of evaluators of a small model, by their own formulas (attention/transformer). Apart from the
// theorems, which have another `Model`.
#pragma once

#include "chc/clauses.hpp"

namespace attest::proofs {

EvaluatorWords small_model_words();
/// Of a model of `layers` such layers.
std::size_t words_recomputed(std::size_t layers);
/// The same after `tokens` tokens.
std::size_t words_cached(std::size_t layers, std::size_t tokens);

}  // namespace attest::proofs
