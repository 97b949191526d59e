// A problem with everything but its main values: shape, dtypes, layouts, mask, bias, windows and the rest.
#pragma once

#include "check/outline/gen_context.hpp"
#include "check/outline/limits.hpp"
#include "check/outline/outline.hpp"

namespace attest {

struct Frame {
  Problem problem;  ///< q, k and v are zero; everything else is final
  Limits limits;    ///< for its dtypes, dims and lengths
};

/// Optional features are drawn each by its chance, so that every pair of two occurs, and none of them in
/// context.plain of the frames. Each sits at a value that matters: windows narrower than the sequence, masks
/// with zeros, softcaps that bend the scores, lengths below kv_len.
Frame draw_frame(Draw& draw, const GenContext& context);

/// The frame of an outline, each of its options at a value that matters.
Frame frame_of(Draw& draw, const GenContext& context, const Outline& outline);

/// draw_frame without these features, whatever the context says.
Frame draw_frame_without(Draw& draw, GenContext context, std::initializer_list<Feature> features);

}  // namespace attest
