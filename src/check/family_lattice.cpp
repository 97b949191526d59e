// The exact lattice: inputs for which every correct kernel, in any format and any order of additions, returns
// the same bits, so that a last bit can be asked for (laws "uniform" and "single key").

#include <cmath>

#include "check/family_list.hpp"
#include "check/fill.hpp"

namespace attest {
namespace {

Problem draw_problem(Draw& draw, const GenContext& context) {
  Frame frame =
      draw_frame_without(draw, context, {Feature::softcap, Feature::bias, Feature::alibi, Feature::sink});
  Problem& p = frame.problem;
  const bool zero_rows_only = draw.chance(0.7);
  fill(p.q, [&](auto, auto, std::int64_t i, auto) { return zero_rows_only || i % 2 == 0 ? 0.0 : 1.0; });
  // k is finite and otherwise arbitrary: q = 0 makes every score exactly 0.
  const double size = std::min(4.0, std::sqrt(frame.limits.score) / static_cast<double>(p.qk_dim()));
  fill(p.k, [&](auto, auto, auto, auto) { return size * draw.normal(); });
  fill(p.v, [&](auto, auto, auto, auto) { return static_cast<double>(draw.between(1, 15)); });
  return std::move(p);
}

}  // namespace

Family lattice_family() {
  return {"exact lattice", "last bits: zero scores and integer values, where correct kernels cannot differ",
          false, 2, draw_problem};
}

}  // namespace attest
