#include "rounded_gradient.hpp"

#include <fmt/format.h>

namespace attest::properties {

const std::vector<GradientScalar>& gradient_scalars() {
  static const std::vector<GradientScalar> scalars{
      {"float", scalar_error(kBinary32), rounded_gradient<float>},
      {"double", scalar_error(kBinary64), rounded_gradient<double>},
      {"half", scalar_error(kBinary16), rounded_gradient<Eigen::half>},
      {"bfloat16", scalar_error(kBfloat16), rounded_gradient<Eigen::bfloat16>},
      {"MPFR", {.relative = 0x1p-201, .absolute = 0}, rounded_gradient<attention::DenseMpfr>},
  };
  return scalars;
}

std::string outside(const attention::dense::Matrix<attention::DenseMpfr>& got,
                    const attention::dense::Matrix<Ball>& exact,
                    const attention::dense::Matrix<double>& bound, std::string_view what) {
  for (Eigen::Index i = 0; i < got.rows(); ++i) {
    for (Eigen::Index c = 0; c < got.cols(); ++c) {
      const attention::DenseMpfr off = abs(attention::DenseMpfr(got(i, c) - exact(i, c).middle()));
      const double limit = bound(i, c) + exact(i, c).radius() * (1 + 0x1p-30);
      if (off <= limit) continue;  // false for NaN
      return fmt::format("{}({}, {}): {:.9g} in place of {:.9g}, beyond the bound {:.3g}", what, i, c,
                         got(i, c).convert_to<double>(), exact(i, c).middle().convert_to<double>(), limit);
    }
  }
  return "";
}

std::string outside(const attention::dense::Gradient<attention::DenseMpfr>& got,
                    const attention::dense::Gradient<Ball>& exact, const GradientBound& bound) {
  for (const std::string& text :
       {outside(got.q, exact.q, bound.q, "dQ"), outside(got.k, exact.k, bound.k, "dK"),
        outside(got.v, exact.v, bound.v, "dV"), outside(got.scores, exact.scores, bound.scores, "dS")}) {
    if (!text.empty()) return text;
  }
  return "";
}

}  // namespace attest::properties
