// Bit patterns that random numbers never produce: signed zeros, subnormals, powers of two, neighbours of 1.

#include <algorithm>
#include <cmath>

#include "check/generate/family_list.hpp"
#include "check/generate/value_fill.hpp"

namespace attest::check {
namespace {

// Of magnitude at most 2^exponent.
double draw_bits(Draw& draw, const Format& format, int exponent) {
  const double unit = std::ldexp(1.0, exponent);
  switch (draw.below(8)) {
    case 0:
      return draw.sign() * 0.0;
    case 1:
      return draw.sign() * format.min_subnormal() * static_cast<double>(draw.between(1, 3));
    case 2:
      return draw.sign() * format.min_normal();
    case 3:
      return draw.sign() * unit * (1 - format.unit_roundoff());
    case 4:
      return draw.sign() * std::ldexp(1.0, exponent - static_cast<int>(draw.below(12)));
    default:
      return unit * std::clamp(draw.normal() / 3, -1.0, 1.0);
  }
}

Problem draw_problem(Draw& draw, const GenContext& context) {
  Frame frame = draw_frame(draw, context);
  Problem& p = frame.problem;
  const double per_factor =
      std::sqrt(frame.limits.score / (static_cast<double>(p.qk_dim()) * std::fabs(sizing_scale(p))));
  const int exponent = std::min(1, static_cast<int>(std::floor(std::log2(per_factor))));
  const Format& q = format_of(p.q.dtype());
  const Format& kv = format_of(p.k.dtype());
  fill(p.q, [&](auto, auto, auto, auto) { return draw_bits(draw, q, exponent); });
  fill(p.k, [&](auto, auto, auto, auto) { return draw_bits(draw, kv, exponent); });
  // Mostly of ordinary size: a row of subnormal values alone has nothing that could be certified.
  fill(p.v, [&](auto, auto, auto, auto) {
    return draw.chance(0.1) ? draw_bits(draw, kv, 2)
                            : draw.sign() * std::ldexp(1.0, static_cast<int>(draw.below(4)));
  });
  return std::move(p);
}

}  // namespace

Family bit_patterns_family() {
  return {"bit patterns",
          "tests conversions and flushing: signed zeros, subnormals, powers of two, largest significands",
          false, 2, draw_problem};
}

}  // namespace attest::check
