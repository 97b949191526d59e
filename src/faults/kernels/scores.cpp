#include "faults/kernels/scores.hpp"

#include <algorithm>
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
Real Scores<Real>::dot(const double* key, Real first) const {
  if (a_.tree) {
    std::vector<Real> terms;
    for (std::size_t c = 0; c < q_.size(); ++c) terms.push_back(q_[c] * static_cast<Real>(key[c]));
    return sum(terms);
  }
  Real total = first;
  for (std::size_t c = 0; c < q_.size(); ++c) {
    const Real k = a_.half ? kept(static_cast<Real>(key[c])) : static_cast<Real>(key[c]);
    total = a_.fma ? std::fma(q_[c], k, total) : kept(total + kept(q_[c] * k));
  }
  return total;
}

template <class Real>
Real Scores<Real>::score(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t j) const {
  const Real base = static_cast<Real>(a_.exp2 ? kLog2E : 1);
  Real scale = static_cast<Real>(p_.scale * (1 + a_.scale_error));
  if (a_.exp2 && !more_) scale = static_cast<Real>(p_.scale * kLog2E);
  if (is(KernelFault::scale_5_percent)) scale *= static_cast<Real>(1.05);
  const bool bias_first = a_.bias_first && p_.bias != nullptr && p_.softcap == 0 && scale != 0;
  Real first = 0;
  if (bias_first) first = static_cast<Real>(operands_.bias(b, h, i, j)) / scale;
  Real s = dot(operands_.key(j), first);
  if (unit_ != 1) return s;
  if (is(KernelFault::score_rounded_f16)) s = static_cast<Real>(round_f16(static_cast<float>(s)));
  if (!is(KernelFault::scale_missing)) s = kept(s * scale);
  if (is(KernelFault::scale_twice)) s *= scale;
  const Real cap = static_cast<Real>(p_.softcap);
  const Real bias = p_.bias == nullptr ? Real{0} : static_cast<Real>(operands_.bias(b, h, i, j));
  const bool cap_last = is(KernelFault::softcap_after_bias);
  if (cap != 0 && !cap_last) s = cap * std::tanh(s / cap);
  if (p_.bias != nullptr && !bias_first) s += bias;
  if (cap != 0 && cap_last) s = cap * std::tanh(s / cap);
  if (p_.alibi_slopes != nullptr) {
    const Real slope = static_cast<Real>(load(*p_.alibi_slopes, step(*p_.alibi_slopes, 0, h)));
    if (by_position())
      s += slope * static_cast<Real>(j);
    else
      s -= slope * static_cast<Real>(std::abs(operands_.position(b, i) - j));
  }
  if (is(KernelFault::values_mean)) s = 0;
  if (more_) s *= base;
  if (a_.plus_one) s += base;
  return s;
}

template <class Real>
bool Scores<Real>::by_position() const {
  return a_.alibi_by_position && p_.alibi_slopes != nullptr && p_.causal != ATTEST_CAUSAL_NONE;
}

template <class Real>
Real Scores<Real>::moved(std::int64_t b, std::int64_t h, std::int64_t i) const {
  if (!by_position()) return 0;
  const Real slope = static_cast<Real>(load(*p_.alibi_slopes, step(*p_.alibi_slopes, 0, h)));
  return slope * static_cast<Real>(operands_.position(b, i));
}

template <class Real>
Real Scores<Real>::norms(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t n) const {
  const auto squares = [](const auto* x, std::size_t count) {
    double total = 0;
    for (std::size_t c = 0; c < count; ++c) total += static_cast<double>(x[c]) * static_cast<double>(x[c]);
    return total;
  };
  double keys = 0;
  double bias = 0;
  double alibi = 0;
  for (std::int64_t j = 0; j < n; ++j) {
    if (!operands_.sees(b, h, i, j)) continue;
    keys = std::max(keys, squares(operands_.key(j), q_.size()));
    if (p_.bias != nullptr) bias = std::max(bias, operands_.bias(b, h, i, j));
    if (p_.alibi_slopes == nullptr) continue;
    const double slope = load(*p_.alibi_slopes, step(*p_.alibi_slopes, 0, h));
    alibi = std::max(alibi, -slope * static_cast<double>(std::abs(operands_.position(b, i) - j)));
  }
  return static_cast<Real>(std::fabs(p_.scale) * std::sqrt(squares(q_.data(), q_.size()) * keys) + bias +
                           alibi);
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
