#include "faults/kernels/numbers.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

#include "faults/kernels/view.hpp"

namespace attest::faults::faulty {
namespace {

constexpr double kLog2EShort = 1.443;  // to 4 digits
constexpr double kLeastExponent = -10;
constexpr double kLog2E = 1.4426950408889634;
constexpr double kLeastBits = -1e6;
constexpr double kPi = 3.141592653589793;

// 2^f in [0, 1) by a cubic.
template <class Real>
Real coarse_exponential(Real x) {
  if (!std::isfinite(x)) return std::exp(x);
  const Real bits = std::max(x * static_cast<Real>(kLog2E), static_cast<Real>(kLeastBits));
  const Real whole = std::floor(bits);
  const Real f = bits - whole;
  const Real cubic =
      1 + f * (static_cast<Real>(0.701) + f * (static_cast<Real>(0.205) + f * static_cast<Real>(0.094)));
  return std::ldexp(cubic, static_cast<int>(whole));
}

// Off by `error` times a wave, as a polynomial on [0, 1) would be.
template <class Real>
Real wavy_exponential(Real x, double error) {
  constexpr double kWaves = 4;
  if (!std::isfinite(x)) return std::exp(x);
  const double bits = static_cast<double>(x) * kLog2E;
  const double wave = std::cos(2 * kPi * kWaves * (bits - std::floor(bits)));
  return static_cast<Real>(std::exp(static_cast<double>(x)) * (1 + error * wave));
}

}  // namespace

template <class Real>
Real Numbers<Real>::kept(Real x) const {
  if (a_.half && std::is_same_v<Real, float>) return static_cast<Real>(round_f16(static_cast<float>(x)));
  return a_.flush && std::fabs(x) < std::numeric_limits<Real>::min() ? Real{0} : x;
}

template <class Real>
Real Numbers<Real>::accumulated(Real x) const {
  if (is(KernelFault::accumulate_f16)) return static_cast<Real>(round_f16(static_cast<float>(x)));
  if (is(KernelFault::accumulate_bf16)) return static_cast<Real>(round_bf16(static_cast<float>(x)));
  if (a_.sum_bits != 0 && std::isfinite(x)) {
    using Limits = std::numeric_limits<Real>;
    return static_cast<Real>(round_bits(static_cast<double>(x), a_.sum_bits, Limits::min_exponent - 1,
                                        static_cast<double>(Limits::max())));
  }
  return kept(x);
}

template <class Real>
Real Numbers<Real>::exponential(Real x) const {
  if (a_.exp_error != 0) return kept(wavy_exponential(x, a_.exp_error));
  if (a_.exp2) return kept(std::exp2(x));
  if (a_.coarse_exp) return kept(coarse_exponential(x));
  if (is(KernelFault::exp_constant)) return std::exp2(static_cast<Real>(kLog2EShort) * x);
  if (is(KernelFault::exp_range)) return std::exp(std::max(x, static_cast<Real>(kLeastExponent)));
  return kept(std::exp(x));
}

template <class Real>
Real Numbers<Real>::logarithm(Real x) const {
  return a_.exp2 || is(KernelFault::lse_base2_merged) ? std::log2(x) : std::log(x);
}

template <class Real>
Real Numbers<Real>::sum(std::vector<Real>& terms) const {
  if (terms.empty()) return 0;
  if (a_.tree) {
    for (std::size_t width = 1; width < terms.size(); width *= 2) {
      for (std::size_t at = 0; at + width < terms.size(); at += 2 * width) terms[at] += terms[at + width];
    }
    return kept(terms.front());
  }
  Real total = terms.front();
  for (std::size_t at = 1; at < terms.size(); ++at) total = kept(total + terms[at]);
  return total;
}

template class Numbers<float>;
template class Numbers<double>;

}  // namespace attest::faults::faulty
