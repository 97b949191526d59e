// How com.microsoft's MultiHeadAttention and Attention take masks: an integer mask without a head axis
// (key_padding_mask, mask_index), and an additive attention_bias, which also takes a mask of each head.
#pragma once

#include <optional>

#include "kernel/adapters/onnxruntime/request.hpp"
#include "kernel/adapters/onnxruntime/session.hpp"

namespace attest::kernel::onnxruntime {

/// [batch] "actual length of each key sequence excluding paddings" where that is all and there is no past (of
/// which the documents do not say whether it counts), else [batch, q_len, keys]; nullopt where nothing is
/// masked. `own_causal`: the operator masks later keys itself.
std::optional<Array> integer_mask(const Request& r, std::int64_t keys, std::int64_t past, bool own_causal);

bool needs_bias(const Request& r);
/// [batch or 1, heads or 1, q_len, keys]; nullopt when the element type cannot hold the bias.
std::optional<Array> additive_bias(const Request& r, std::int64_t keys);

}  // namespace attest::kernel::onnxruntime
