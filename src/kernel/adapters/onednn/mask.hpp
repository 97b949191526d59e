// What an attention problem adds to its scores, as tensors for oneDNN's binary-add post-operation.
#pragma once

#include <cstdint>
#include <vector>

#include <dnnl.hpp>

#include "attest/kernel.h"

namespace attest::kernel {

/// A dense f32 tensor that broadcasts against the scores; `dims` is empty when nothing is to be added.
struct ScoreTerm {
  dnnl::memory::dims dims;
  std::vector<float> values;

  bool present() const { return !dims.empty(); }
};

struct ScoreTerms {
  /// Causality, window, mask and bias: -inf where a key is not visible, else the bias, exactly.
  ScoreTerm mask;
  /// -slope * distance, rounded once to f32.
  ScoreTerm alibi;
  bool empty_row = false;  ///< some row sees no key
  bool overflow = false;   ///< an ALiBi term is beyond f32
};

/// The terms of batches [first, first + count), whose scores have dimensions [count, heads..., q_len, n]; all
/// of these batches have n keys. The mask broadcasts over heads where every head has the same and `heads` is
/// one axis.
ScoreTerms score_terms(const attest_forward& problem, std::int64_t first, std::int64_t count, std::int64_t n,
                       const dnnl::memory::dims& heads);

}  // namespace attest::kernel
