#include "faults/kernels/scores.hpp"

#include <cmath>
#include <cstdlib>

#include "faults/kernels/view.hpp"

namespace attest::faults::faulty {
namespace {

constexpr double kMaskFill = -1e4;

}  // namespace

template <class Real>
Scores<Real>::Scores(const attest_forward& problem, KernelFault fault, const Arithmetic& arithmetic,
                     const Operands& operands)
    : Numbers<Real>(fault, arithmetic), p_(problem), operands_(operands) {
  more_ = p_.softcap != 0 || p_.bias != nullptr || p_.alibi_slopes != nullptr;
  if (more_ || !(p_.scale > 0)) return;
  if (is(KernelFault::rescale_contracted)) unit_ = static_cast<Real>(p_.scale);
  if (is(KernelFault::exp2_rounded_maximum)) unit_ = static_cast<Real>(p_.scale * kLog2E);
}

template <class Real>
void Scores<Real>::load_query(std::int64_t b, std::int64_t h, std::int64_t i) {
  operands_.load_query(b, h, i, loaded_);
  q_.clear();
  for (const double x : loaded_) q_.push_back(a_.half ? kept(static_cast<Real>(x)) : static_cast<Real>(x));
}

template <class Real>
Real Scores<Real>::dot(const double* key) const {
  if (a_.tree) {
    std::vector<Real> terms;
    for (std::size_t c = 0; c < q_.size(); ++c) terms.push_back(q_[c] * static_cast<Real>(key[c]));
    return sum(terms);
  }
  Real total = 0;
  for (std::size_t c = 0; c < q_.size(); ++c) {
    const Real k = a_.half ? kept(static_cast<Real>(key[c])) : static_cast<Real>(key[c]);
    total = a_.fma ? std::fma(q_[c], k, total) : kept(total + kept(q_[c] * k));
  }
  return total;
}

template <class Real>
Real Scores<Real>::score(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t j) const {
  const Real base = static_cast<Real>(a_.exp2 ? kLog2E : 1);
  Real scale = static_cast<Real>(p_.scale);
  if (a_.exp2 && !more_) scale = static_cast<Real>(p_.scale * kLog2E);
  if (is(KernelFault::scale_5_percent)) scale *= static_cast<Real>(1.05);
  Real s = dot(operands_.key(j));
  if (unit_ != 1) return s;
  if (is(KernelFault::score_rounded_f16)) s = static_cast<Real>(round_f16(static_cast<float>(s)));
  if (!is(KernelFault::scale_missing)) s = kept(s * scale);
  if (is(KernelFault::scale_twice)) s *= scale;
  const Real cap = static_cast<Real>(p_.softcap);
  const Real bias = p_.bias == nullptr ? Real{0} : static_cast<Real>(operands_.bias(b, h, i, j));
  const bool cap_last = is(KernelFault::softcap_after_bias);
  if (cap != 0 && !cap_last) s = cap * std::tanh(s / cap);
  if (p_.bias != nullptr) s += bias;
  if (cap != 0 && cap_last) s = cap * std::tanh(s / cap);
  if (p_.alibi_slopes != nullptr) {
    const std::int64_t distance = std::abs(operands_.position(b, i) - j);
    s -=
        static_cast<Real>(load(*p_.alibi_slopes, step(*p_.alibi_slopes, 0, h))) * static_cast<Real>(distance);
  }
  if (is(KernelFault::values_mean)) s = 0;
  if (more_) s *= base;
  if (a_.plus_one) s += base;
  return s;
}

template <class Real>
Real Scores<Real>::masked() const {
  if (is(KernelFault::mask_fill_finite)) return static_cast<Real>(kMaskFill);
  if (is(KernelFault::softcap_after_mask) && p_.softcap != 0) return -static_cast<Real>(p_.softcap);
  return kNegInf<Real>;
}

template <class Real>
Real Scores<Real>::weight(Real s, Real m) const {
  if (unit_ == 1) return exponential(s - m);
  if (is(KernelFault::exp2_rounded_maximum)) return std::exp2(std::fma(s, unit_, -(m * unit_)));
  return exponential(s * unit_ - m * unit_);
}

template <class Real>
Real Scores<Real>::rescale(Real from, Real to) const {
  if (unit_ == 1) return exponential(from - to);
  if (is(KernelFault::exp2_rounded_maximum)) return std::exp2(from * unit_ - to * unit_);
  return exponential(std::fma(from, unit_, -(to * unit_)));
}

template <class Real>
Real Scores<Real>::reference(Real m) const {
  if (unit_ == 1) return m;
  return is(KernelFault::exp2_rounded_maximum) ? m * unit_ / static_cast<Real>(kLog2E) : m * unit_;
}

template class Scores<float>;
template class Scores<double>;

}  // namespace attest::faults::faulty
