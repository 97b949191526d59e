// Measures one run of an evaluator in f32.
#pragma once

#include <functional>

#include "attention/transformer/evaluator.hpp"
#include "semantics/native.hpp"

namespace attest::space {

using Tape = std::vector<std::uint32_t>;

/// Receives row t's output, [hidden]; must not allocate.
using RowSink = std::function<void(std::size_t t, attention::ConstNumbers<semantics::F32> x)>;

/// A run over a workspace that the meter owns.
using MeteredRun = std::function<void(attention::Workspace<semantics::F32> workspace, const RowSink& sink,
                                      attention::WorkTrace trace)>;

struct Measured {
  std::size_t working_words = 0;  ///< words of the workspace that were written
  bool overran = false;           ///< a word past the workspace was written
  std::uint64_t heap_allocations = 0;
  std::size_t stack_bytes = 0;
  attention::Work work;
  std::vector<std::vector<float>> rows;   ///< as the sink received them, by t; empty where it did not
  std::vector<std::uint64_t> row_leaves;  ///< leaf evaluations since the row before
};

/// Runs `run` in a thread of its own with a painted stack, over a painted workspace of `words` with a painted
/// margin behind, allocations counted. `length` rows of `hidden` are kept.
Measured measure(const MeteredRun& run, attention::Words words, std::size_t length, std::size_t hidden);

/// All rows of a tape by an evaluator.
Measured measure(const attention::Evaluator& e, const attention::Transformer<float>& model, const Tape& tape);

/// `length` tokens, a function of the seed.
Tape random_tape(std::size_t length, const attention::ModelShape& shape, std::uint64_t seed);

}  // namespace attest::space
