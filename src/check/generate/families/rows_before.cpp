// Rows that stand before the first key: more queries than keys, counted from the end, or lengths shorter than
// the queries. Their positions are negative, which an unsigned index takes for the largest of all; they see
// nothing, so that only a sink is left in the denominator.

#include <algorithm>

#include "check/generate/family_list.hpp"
#include "check/generate/value_fill.hpp"

namespace attest::check {
namespace {

void often(GenContext& context, Feature f, double p) {
  if (context.of(f) > 0.01) context.set(f, std::max(context.of(f), p));
}

Problem draw_problem(Draw& draw, const GenContext& context) {
  GenContext eager = context;
  eager.plain = eager.alone = 0;
  // Where causality from the end is declined, a window counts from there too.
  const bool causal = context.of(Feature::causal_bottom_right) > 0.01;
  if (causal) eager.set(Feature::causal_top_left, 0);
  often(eager, Feature::causal_bottom_right, 0.9);
  often(eager, Feature::window_right, causal ? 0.2 : 0.9);
  often(eager, Feature::sink, 0.5);
  often(eager, Feature::kv_lens, 0.4);
  if (!eager.shape) {
    often(eager, Feature::longer_queries, 1);
    if (eager.of(Feature::longer_queries) == 1) {
      eager.set(Feature::longer_keys, 0);
      eager.set(Feature::single_query, 0);
    }
  }
  Frame frame = draw_frame(draw, eager);
  fill_normal_scores(draw, frame);
  fill_normal_values(draw, frame, 1, 0.5);
  return std::move(frame.problem);
}

}  // namespace

Family rows_before_family() {
  return {"rows before keys",
          "tests negative positions and empty rows, with and without a sink: more queries than keys, aligned "
          "to the last key",
          false, 1, draw_problem};
}

}  // namespace attest::check
