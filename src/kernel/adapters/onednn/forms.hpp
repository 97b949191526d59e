// The forms of the composition: ways in which oneDNN's primitives express the same attention.
//
// Not in this library: the graph operator (dnnl_graph.h comes with oneDNN 3), per-argument scales, matmul in
// f16. Not drawn, because no contract of attest speaks of it: 8-bit matrices with zero points, and a softmax
// that writes bf16.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "numerics/draw.hpp"
#include "problem/problem.hpp"

namespace attest::kernel {

struct OnednnForm {
  bool output_scale = false;   ///< the scale is the matmul's output scale, not a post-operation
  bool summed_mask = false;    ///< the mask is what the sum post-operation finds in the destination
  bool packed = false;         ///< k and v in the layout that the matmul prefers (format_tag::any)
  bool first_softmax = false;  ///< softmax_forward, not softmax_v2_forward
};

/// In every combination, the adapter's own first.
const std::vector<OnednnForm>& onednn_forms();

/// "scale as output scale; mask by sum; matrices packed; softmax".
std::string name_of(const OnednnForm& form);

/// A problem with a mask that the form expresses.
Problem draw_in_onednn_form(Draw& draw);

}  // namespace attest::kernel
