// What evaluators cost, in closed form. Rows are counted from 1 here: row t sees t keys.
#pragma once

#include <cstdint>
#include <optional>

#include "attention/transformer/evaluator.hpp"

namespace attest::space {

/// Leaf evaluations of the constant-space evaluator for row t at depth N: C(t+N-1, N). None when the count
/// exceeds 64 bits, as below.
std::optional<std::uint64_t> leaves_of_row(std::uint64_t layers, std::uint64_t t);

/// What all L rows cost, N layers, without the prefix. Leaves (embeddings read) and cached inputs:
///
///     recompute            C(L+N, N+1) leaves
///     B rows at a time     B (C(K+N, N+1) - 1) + r leaves; K = ceil(L/B) blocks, r = L - (K-1) B rows in the
///     last h-th layers cached   C(L+h, h+1) leaves, and as many cached inputs for each further segment of h
///     layers the caches           L leaves
///
/// Steps (keys absorbed by a row of a layer): recompute C(L+1, 2) + ... + C(L+N, N+1), the same within a
/// segment, N L (L+1) / 2 for the caches; for blocks the sum over levels i < N and blocks p of C(K-p+i, i)
/// evaluations times the keys that the rows of block p see.
std::optional<attention::Work> work_of_rows(const attention::Evaluator& e, const attention::ModelShape& shape,
                                            std::uint64_t length);

/// "C(L+N, N+1)" and so on, with the evaluator's parameter put in: the leaves of work_of_rows.
std::string leaves_formula(const attention::Evaluator& e, const attention::ModelShape& shape);
/// "N (d + 2 H d_h + 2 H) + ...": words_of, in symbols.
std::string words_formula(const attention::Evaluator& e, const attention::ModelShape& shape);

/// The operations of the constant-space evaluator for row t: layer n is evaluated R(n) = C(t-1+N-n, N-n)
/// times and reads R(n-1) - R(n) keys of other rows, so that they are the sum over n of R(n) (begin + end) +
/// (R(n-1) - R(n)) (key and value + read). Precondition: leaves_of_row fits.
semantics::OperationCounts operations_of_row(const attention::ModelShape& shape, std::uint64_t t);

}  // namespace attest::space
