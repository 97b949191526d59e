// A frame is a problem without the values of q, k and v: shape, dtypes, layouts, mask, bias, windows and so
// on.
#pragma once

#include "check/outline/gen_context.hpp"
#include "check/outline/limits.hpp"
#include "check/outline/outline.hpp"

namespace attest::check {

struct Frame {
  Problem problem;  ///< q, k and v are zero; everything else is final
  Limits limits;    ///< limits for its dtypes, dims and lengths
};

/// Each optional feature is drawn with its own probability, so every pair occurs; a share context.plain of
/// the frames has none. Values are chosen to have an effect: windows narrower than the sequence, masks with
/// zeros, softcaps that change the scores, lengths below kv_len.
Frame draw_frame(Draw& draw, const GenContext& context);

/// A frame for an outline, with values of its options that have an effect.
Frame frame_of(Draw& draw, const GenContext& context, const Outline& outline);

/// draw_frame without these features, whatever the context says.
Frame draw_frame_without(Draw& draw, GenContext context, std::initializer_list<Feature> features);

}  // namespace attest::check
