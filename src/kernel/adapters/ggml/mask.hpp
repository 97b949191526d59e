// The f16 mask of ggml_flash_attn_ext: what is added to each score, after the scale and the softcap.
#pragma once

#include <optional>

#include "kernel/adapters/ggml/inputs.hpp"

namespace attest::kernel::ggml {

/// Causality, window, padding, mask and bias of the problem, or the negative distance where ALiBi (which
/// multiplies it by the slope) is wanted.
struct ScoreMask {
  std::optional<Array> array;  ///< nullopt where nothing is added or hidden
  bool exact = true;           ///< false: f16 does not hold what has to be added
};
ScoreMask score_mask(const adapters::Request& request);

}  // namespace attest::kernel::ggml
