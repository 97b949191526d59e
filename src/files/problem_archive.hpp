// Attention problems and results as named tensors: the names and texts that case files and captures share.
//
// Tensors: the inputs of problem/inputs.hpp by name, with the shapes of include/attest/kernel.h, and
// out and lse. Texts: the scalars (causal is none, top-left, bottom-right, or the ABI's 0, 1, 2), contract,
// and for commands want_lse (1 or 0) and status.
#pragma once

#include <string>

#include "files/tensor_archive.hpp"
#include "problem/problem.hpp"

namespace attest::files {

/// Scalars are written so that reading them gives the same numbers. Files hold packed tensors: a problem's
/// layout is lost.
TensorArchive archive_of(const Problem& problem);

/// Needs q, k, v, scale and causal; absent optional parts are absent. Queries are widened, exactly, where
/// `out` is there and wider than they are, and one of k and v where the other is wider. Throws
/// FileFormatError, also for problems that break the ABI's rules.
Problem problem_from(const TensorArchive& archive);

/// out, and lse where it is there. Throws FileFormatError where they are not of the problem's shapes, or
/// their dtypes are not those of the ABI.
Result result_from(const TensorArchive& archive, const Problem& problem);

/// A text, or `otherwise` where there is none.
std::string text_of(const TensorArchive& archive, const std::string& name, const std::string& otherwise = "");

}  // namespace attest::files
