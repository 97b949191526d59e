// Value patterns: which keys were summed, and with what weights, read off the output.

#include <algorithm>
#include <cmath>

#include "check/generate/family_list.hpp"
#include "check/generate/value_fill.hpp"

namespace attest::check {
namespace {

constexpr int kPatterns = 7;

// No pattern holds a 0 alone: a row that sees nothing else would have a bound that certifies nothing.
ElementAt draw_values(Draw& draw, const Problem& p, const Limits& limits) {
  const double unit = format_of(p.v.dtype()).unit_roundoff();
  const auto dim = p.v_dim();
  switch (draw.below(kPatterns)) {
    case 0: {
      const auto distinct = static_cast<std::int64_t>(std::min(1 / unit, 0x1p32));  // in the format
      return [=](auto, auto, std::int64_t j, auto) { return static_cast<double>(1 + j % distinct); };
    }
    case 1:
      return [=](auto, auto, std::int64_t j, std::int64_t c) { return j % dim == c ? 1.0 : -1.0; };
    case 2:
      return
          [&draw](auto, auto, auto, auto) { return draw.sign() * static_cast<double>(draw.between(1, 9)); };
    case 3:
      return [&draw](auto, auto, auto, auto) { return 1 + draw.unit(); };
    // Rounding P or l, but not both, shows at 2^-9 here and nowhere else.
    case 4:
      return
          [&draw, unit](auto, auto, auto, auto) { return 1 + 2 * unit * static_cast<double>(draw.below(4)); };
    case 5: {
      const std::int64_t at = draw.below(std::max<std::int64_t>(1, p.kv_len()));
      const double huge = std::min(limits.value, 1e4);
      return [=](auto, auto, std::int64_t j, std::int64_t c) {
        return j == at ? huge : 1 + 0.25 * static_cast<double>(c % 3);
      };
    }
    default: {
      const double top = limits.value;
      return [&draw, top](auto, auto, auto, auto) { return draw.sign() * top * (0.5 + 0.5 * draw.unit()); };
    }
  }
}

Problem draw_problem(Draw& draw, const GenContext& context) {
  Frame frame = draw_frame(draw, context);
  fill_normal_scores(draw, frame, draw.pick({0.3, 1.0}));
  fill(frame.problem.v, draw_values(draw, frame.problem, frame.limits));
  return std::move(frame.problem);
}

}  // namespace

Family values_family() {
  return {"values",
          "shows which keys were summed: values that are the key's index, one-hot, integers, nearly equal, "
          "one huge, or near the top of the range",
          false, 3, draw_problem};
}

}  // namespace attest::check
