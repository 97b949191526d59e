// How each attention operator of ONNX Runtime expresses a problem; nullopt when it cannot.
//
// "The document" of an operator is its schema's text in the library itself, which is also
// docs/ContribOperators.md of ONNX Runtime 1.30 (com.microsoft) and docs/Operators.md of ONNX 1.22 (ai.onnx).
#pragma once

#include <optional>

#include "kernel/adapters/onnxruntime/request.hpp"
#include "kernel/adapters/onnxruntime/session.hpp"

namespace attest::kernel::onnxruntime {

/// Whether the scale is the default of ai.onnx Attention, as its kernels compute it.
bool is_default_scale(const Request& r);
/// Whether ai.onnx Attention can be given the scale without an error that no contract says.
bool takes_scale(const Request& r);

/// ai.onnx Attention, opset 23, with rank 3 inputs.
std::optional<Call> attention_23(const Request& r);
/// ai.onnx Attention, opset 24, with rank 4 inputs.
std::optional<Call> attention_24(const Request& r);
/// com.microsoft MultiHeadAttention.
std::optional<Call> multi_head_attention(const Request& r);
/// com.microsoft GroupQueryAttention.
std::optional<Call> group_query_attention(const Request& r);
/// com.microsoft Attention, whose projection of packed q, k, v is the identity here.
std::optional<Call> contrib_attention(const Request& r);

/// The types of com.microsoft's operators, whose documents say nothing of rows without visible keys
/// (version 1.30 gives NaN or the mean of masked values).
inline bool contrib_takes(const Request& r) { return r.q.dtype != DType::f64 && !adapters::has_empty_row(r); }

}  // namespace attest::kernel::onnxruntime
