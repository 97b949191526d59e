// Attention problems and results as named tensors: the names and texts that case files and captures share.
//
// Tensors: the inputs of problem/inputs.hpp by name, with the shapes of include/attest/kernel.h, and
// out and lse. Texts: the scalars, contract, layout (of q, k, v and out), and for commands want_lse (1 or 0)
// and status. docs/formats.md has examples.
#pragma once

#include <string>

#include "files/axis_order.hpp"
#include "files/tensor_archive.hpp"
#include "problem/problem.hpp"

namespace attest::files {

/// Scalars are written so that reading them gives the same numbers. Files hold packed tensors: a problem's
/// strides are lost. The text layout is written for other orders than bhtd.
TensorArchive archive_of(const Problem& problem, AxisOrder order = AxisOrder::bhtd);

/// Needs q, k, v, scale and causal; absent optional parts are absent. Queries are widened, exactly, where
/// `out` is there and wider than they are, and one of k and v where the other is wider. Throws
/// FileFormatError, also for problems that break the ABI's rules.
///
/// q_start, a whole number, is the position of row 0 among the keys; without it the ABI's rule holds. causal
/// is none, top-left (also top_left, 1), bottom-right (also bottom_right, 2), or 0 or False for none. True
/// says which only where q_len is kv_len or q_start is there, and is an error elsewhere.
Problem problem_from(const TensorArchive& archive);

/// out, and lse where it is there. out is in the order that the archive's layout names, or else in `order`.
/// Throws FileFormatError where they are not of the problem's shapes, or their dtypes are not those of the
/// ABI.
Result result_from(const TensorArchive& archive, const Problem& problem, AxisOrder order = AxisOrder::bhtd);

/// A text, or `otherwise` where there is none.
std::string text_of(const TensorArchive& archive, const std::string& name, const std::string& otherwise = "");

/// The order that the archive's layout names, or `otherwise` where it has none. Throws FileFormatError.
AxisOrder axis_order_of(const TensorArchive& archive, AxisOrder otherwise = AxisOrder::bhtd);

}  // namespace attest::files
