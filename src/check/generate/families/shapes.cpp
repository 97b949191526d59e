#include "check/generate/family_list.hpp"
#include "check/generate/value_fill.hpp"

namespace attest::check {
namespace {

// Scores with a deviation of about 1 to 3: a flat softmax (0.1 * normal) hides what a kernel does to single
// keys.
Problem draw_problem(Draw& draw, const GenContext& context) {
  Frame frame = draw_frame(draw, context);
  fill_normal_scores(draw, frame);
  fill_normal_values(draw, frame, 1, draw.pick({0.0, 0.0, 0.5}));
  return std::move(frame.problem);
}

}  // namespace

Family shapes_family() {
  return {"shapes",
          "finds wrong offsets, tails and head maps: lengths around tile edges, odd head dims, every pair of "
          "features",
          true, 5, draw_problem};
}

}  // namespace attest::check
