// Layouts of a problem's tensors in memory.
#pragma once

#include <vector>

#include "check/outline/gen_context.hpp"
#include "problem/tensor.hpp"

namespace attest::check {

/// A tensor of zeros [batch, heads, length, dim] in row-major order, or permuted ([batch, length, heads, dim]
/// in memory, or rows innermost), with gaps after rows and heads, or with batches or heads that share one
/// storage, as `layouts` allows.
Tensor draw_layout(Draw& draw, const FeatureSet& layouts, DType dtype, std::vector<std::int64_t> shape);

/// Gives a problem the layouts that are wanted, as far as its extents allow:
///   strided_scores   bias and mask: permuted, with gaps, or with stride 0 along keys, rows, heads or
///   batches,
///                    along which their values become those of the first index
///   strided_vectors  slopes, sink and kv_lens: with gaps, or with stride 0, with the values of the first
///   strided_out      out and lse: permuted, with gaps
///   shared_address   k in v's layout, or q in k's; the wish to put them at one address
///   far_offsets      one of q, k, v, bias, mask and out reaches past 2^31 or 2^32 elements, within the
///   target
/// Everything but q, k and v must be final; call share_address when these are, too.
void lay_out(Draw& draw, const FeatureSet& wanted, FarTarget far_target, Problem& problem);

/// Makes the inputs that lay_out put at one address equal: both get the values of the smaller magnitude, so
/// that scores and values stay as small as they were. Families fill q, k and v after their layouts are drawn,
/// so this comes last, and any family whose values must be its own does without. Nothing where nothing is
/// shared.
void share_address(Problem& problem);

}  // namespace attest::check
