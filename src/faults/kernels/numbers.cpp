#include "faults/kernels/numbers.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "faults/kernels/view.hpp"

namespace attest::faults::faulty {
namespace {

constexpr double kLog2EShort = 1.443;  // to 4 digits
constexpr double kLeastExponent = -10;

}  // namespace

template <class Real>
Real Numbers<Real>::kept(Real x) const {
  return a_.flush && std::fabs(x) < std::numeric_limits<Real>::min() ? Real{0} : x;
}

template <class Real>
Real Numbers<Real>::accumulated(Real x) const {
  if (is(KernelFault::accumulate_f16)) return static_cast<Real>(round_f16(static_cast<float>(x)));
  if (is(KernelFault::accumulate_bf16)) return static_cast<Real>(round_bf16(static_cast<float>(x)));
  return kept(x);
}

template <class Real>
Real Numbers<Real>::exponential(Real x) const {
  if (a_.exp2) return kept(std::exp2(x));
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
