// Masked keys given the dominating logit and a tagged value: a leak of one position then changes the row
// completely, where on random inputs it moves a row of n keys by 1/n.

#include <algorithm>
#include <cmath>

#include "check/generate/family_list.hpp"
#include "check/generate/value_fill.hpp"
#include "laws/inputs/key_visibility.hpp"
#include "problem/key_value.hpp"

namespace attest::check {
namespace {

bool masks(const Problem& p) {
  return p.causal != Causal::none || p.window_left != -1 || p.window_right != -1 || p.mask || p.kv_lens ||
         p.bias;
}

// A frame that masks something, if the kernel accepts any way of masking at all.
Frame draw_masking_frame(Draw& draw, const GenContext& context) {
  GenContext eager = context;
  eager.plain /= 4;
  for (const Feature f : {Feature::causal_top_left, Feature::causal_bottom_right, Feature::window_left,
                          Feature::window_right, Feature::mask, Feature::kv_lens, Feature::masking_bias}) {
    eager.set(f, std::min(0.5, 2 * context.of(f)));
  }
  eager.set(Feature::softcap, 0.2 * context.of(Feature::softcap));
  Frame frame = draw_frame(draw, eager);
  for (int attempt = 0; attempt < 4 && !masks(frame.problem); ++attempt) frame = draw_frame(draw, eager);
  return frame;
}

// Rising when keys to the right are masked, falling when keys to the left are: the first key behind the edge
// of what a row sees is then ahead of all that it sees.
double direction(Draw& draw, const Problem& p) {
  if (p.causal != Causal::none || p.window_right != -1) return p.window_left != -1 ? draw.sign() : 1;
  return p.window_left != -1 ? -1 : draw.sign();
}

// Keys that no row sees get the largest score of all.
void raise_unseen(Frame& frame, double height) {
  Problem& p = frame.problem;
  if (laws::shares_storage(p.k) || p.q_len() * p.kv_len() == 0) return;
  const double most = largest_component(p.k);
  for (std::int64_t b = 0; b < p.batch(); ++b) {
    for (std::int64_t g = 0; g < p.kv_heads(); ++g) {
      const std::vector<bool> seen = laws::seen_keys(p, b, g);
      const std::int64_t head = g * (p.q_heads() / p.kv_heads());
      for (std::int64_t j = 0; j < p.kv_len(); ++j) {
        if (seen[static_cast<std::size_t>(j)]) continue;
        const double per_channel = sizing_scale(p) * static_cast<double>(p.qk_dim());
        for (std::int64_t c = 0; c < p.qk_dim(); ++c) {
          set_key(p, b, g, j, c,
                  std::clamp(height / per_channel, -most, most) * (p.q.at({b, head, 0, c}) < 0 ? -1 : 1));
        }
      }
    }
  }
}

Problem draw_problem(Draw& draw, const GenContext& context) {
  Frame frame = draw_masking_frame(draw, context);
  Problem& p = frame.problem;
  const double room = frame.limits.score / 2;
  const double span = static_cast<double>(std::max<std::int64_t>(1, p.kv_len()));
  const double step = std::min(8.0, room / span) * direction(draw, p);
  fill_scores(
      draw, frame, [](std::int64_t) { return 1.0; },
      [&](std::int64_t, std::int64_t j) { return step * (static_cast<double>(j) - span / 2); });
  raise_unseen(frame, room);
  // The key's index, and alternating signs: neighbours differ by more than any bound.
  fill(p.v, [](auto, auto, std::int64_t j, auto) {
    return (j % 2 == 0 ? 1.0 : -1.0) * static_cast<double>(1 + j % 61);
  });
  return std::move(p);
}

}  // namespace

Family leaks_family() {
  return {"dominating leaks",
          "finds masks that let a key through: masked keys have the largest score and a tagged value", false,
          4, draw_problem};
}

}  // namespace attest::check
