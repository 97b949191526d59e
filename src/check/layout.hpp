// Layouts of input tensors.
#pragma once

#include <vector>

#include "check/gen_context.hpp"
#include "problem/tensor.hpp"

namespace attest {

/// A tensor of zeros [batch, heads, length, dim] in row-major order, or permuted ([batch, length, heads, dim]
/// in memory, or rows innermost), with gaps after rows and heads, or with batches or heads that share one
/// storage, as `layouts` allows.
Tensor draw_layout(Draw& draw, const FeatureSet& layouts, DType dtype, std::vector<std::int64_t> shape);

}  // namespace attest
