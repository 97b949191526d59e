// Captures as people have them: heads in one axis with the dim, masks and biases of any rank and type.
#pragma once

#include "files/tensor_archive.hpp"

namespace attest::files {

/// Rewrites what programs store into the shapes and types that problem_archive.hpp reads:
/// - q, k, v and out of rank 3, [batch, length, heads * dim], get four axes. The layout is bthd, and the
/// texts
///   q_heads and kv_heads (default: q_heads) give the numbers of heads;
/// - mask and bias that broadcast to [batch, q_heads, q_len, kv_len] as in NumPy get four axes, the last of
///   kv_len;
/// - mask, bias, alibi_slopes, sink and kv_lens get the ABI's types where these hold every value. A bias of
/// f64
///   stays f64 where q or out is f64.
/// Throws FileFormatError for what cannot be rewritten. What is missing or malformed otherwise stays, for
/// problem_from to report.
void to_abi_forms(TensorArchive& archive);

}  // namespace attest::files
