#include "gradient_case.hpp"

#include <sstream>

namespace attest::properties {
namespace {

attention::dense::Matrix<double> eighths(Draw& draw, Eigen::Index rows, Eigen::Index columns) {
  attention::dense::Matrix<double> matrix(rows, columns);
  for (double& x : matrix.reshaped()) x = static_cast<double>(draw.between(-16, 16)) / 8;
  return matrix;
}

attention::dense::Mask any_mask(Draw& draw, Eigen::Index queries, Eigen::Index keys) {
  switch (draw.below(4)) {
    case 0:
      return attention::dense::Mask::Constant(queries, keys, true);
    case 1:
      return attention::dense::causal(queries, keys);
    case 2:
      return attention::dense::banded(
          queries, keys, {.offset = draw.between(-1, 3), .left = draw.below(3), .right = draw.below(2)});
    default: {
      attention::dense::Mask mask(queries, keys);
      for (bool& visible : mask.reshaped()) visible = draw.chance(0.6);
      return mask;
    }
  }
}

}  // namespace

GradientCase draw_gradient_case(Draw& draw) {
  const Eigen::Index queries = draw.between(1, 3);
  const Eigen::Index keys = draw.between(1, 5);
  const Eigen::Index channels = draw.between(1, 3);
  const Eigen::Index v_channels = draw.between(1, 3);
  GradientCase c{.in = {.q = eighths(draw, queries, channels),
                        .k = eighths(draw, keys, channels),
                        .v = eighths(draw, keys, v_channels),
                        .scale = draw.pick({0.25, 0.375, 0.5, 1.0}),
                        .visible = any_mask(draw, queries, keys)},
                 .d_o = eighths(draw, queries, v_channels)};
  if (draw.chance(0.5)) c.in.bias = eighths(draw, queries, keys);
  return c;
}

std::string describe(const GradientCase& c) {
  std::ostringstream text;
  text << "scale " << c.in.scale << "\nQ\n" << c.in.q << "\nK\n" << c.in.k << "\nV\n" << c.in.v;
  text << "\nvisible\n" << c.in.visible << "\ndO\n" << c.d_o;
  if (c.in.bias) text << "\nbias\n" << *c.in.bias;
  return text.str();
}

}  // namespace attest::properties
