#include "faults/kernels/row_pass.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "faults/kernels/view.hpp"

namespace attest::faulty {
namespace {

constexpr double kLog2E = 1.4426950408889634;
constexpr double kInitialMax = -5e4;
constexpr double kMaskFill = -1e4;

template <class Real>
constexpr Real kNegInf = -std::numeric_limits<Real>::infinity();

}  // namespace

template <class Real>
Real RowPass<Real>::dot(const double* key) const {
  if (a_.tree) {
    std::vector<Real> terms;
    for (std::size_t c = 0; c < q_.size(); ++c) terms.push_back(q_[c] * static_cast<Real>(key[c]));
    return sum(terms);
  }
  Real total = 0;
  for (std::size_t c = 0; c < q_.size(); ++c) {
    const Real k = static_cast<Real>(key[c]);
    total = a_.fma ? std::fma(q_[c], k, total) : kept(total + kept(q_[c] * k));
  }
  return total;
}

// In nats, or in bits where exponentials are base 2.
template <class Real>
Real RowPass<Real>::score(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t j) const {
  const bool more = p_.softcap != 0 || p_.bias != nullptr || p_.alibi_slopes != nullptr;
  const Real base = static_cast<Real>(a_.exp2 ? kLog2E : 1);
  Real scale = static_cast<Real>(p_.scale);
  if (a_.exp2 && !more) scale = static_cast<Real>(p_.scale * kLog2E);
  if (is(KernelFault::scale_5_percent)) scale *= static_cast<Real>(1.05);
  Real s = dot(operands_.key(j));
  if (is(KernelFault::score_rounded_f16)) s = static_cast<Real>(round_f16(static_cast<float>(s)));
  if (!is(KernelFault::scale_missing)) s = kept(s * scale);
  if (is(KernelFault::scale_twice)) s *= scale;
  const Real cap = static_cast<Real>(p_.softcap);
  if (cap != 0) s = cap * std::tanh(s / cap);
  if (p_.bias != nullptr) s += static_cast<Real>(operands_.bias(b, h, i, j));
  if (p_.alibi_slopes != nullptr) {
    const std::int64_t distance = std::abs(operands_.position(b, i) - j);
    s -=
        static_cast<Real>(load(*p_.alibi_slopes, step(*p_.alibi_slopes, 0, h))) * static_cast<Real>(distance);
  }
  if (is(KernelFault::values_mean)) s = 0;
  if (more) s *= base;
  if (a_.plus_one) s += base;
  return s;
}

// What a masked key is given in place of its score.
template <class Real>
Real RowPass<Real>::masked_score() const {
  if (is(KernelFault::mask_fill_finite)) return static_cast<Real>(kMaskFill);
  if (is(KernelFault::softcap_after_mask) && p_.softcap != 0) return -static_cast<Real>(p_.softcap);
  return kNegInf<Real>;
}

template <class Real>
State<Real> RowPass<Real>::fresh() const {
  State<Real> state;
  state.m = is(KernelFault::initial_max_finite) ? static_cast<Real>(kInitialMax) : kNegInf<Real>;
  state.acc.assign(static_cast<std::size_t>(p_.v->shape[3]), Real{0});
  return state;
}

template <class Real>
void RowPass<Real>::scores_of_tile(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t first,
                                   std::int64_t n) {
  at_.clear();
  scores_.clear();
  for (std::int64_t at = 0; at < a_.tile_keys; ++at) {
    const std::int64_t j = first + (a_.reversed ? a_.tile_keys - 1 - at : at);
    if (j >= n) {
      const bool scored = is(KernelFault::tail_scores_zero);
      const bool read = scored || (is(KernelFault::tail_values_read) && j < operands_.kv_len());
      if (read) at_.push_back(scored ? -1 : j);
      if (read) scores_.push_back(scored ? 0 : kNegInf<Real>);
      continue;
    }
    const Real s = operands_.sees(b, h, i, j) ? score(b, h, i, j) : masked_score();
    const bool nothing = s == kNegInf<Real> && !is(KernelFault::nan_masked_tile);
    if (nothing) continue;
    at_.push_back(j);
    scores_.push_back(s);
  }
}

template <class Real>
void RowPass<Real>::rescale(State<Real>& state, Real highest) const {
  if (highest <= state.m + static_cast<Real>(a_.lazy)) return;
  if (state.any) {
    const Real factor = exponential(state.m - highest);
    const Real skipped = is(KernelFault::rescale_skipped) ? Real{1} : factor;
    const Real l_factor = is(KernelFault::rescale_denominator_skipped) ? Real{1} : skipped;
    const Real acc_factor = is(KernelFault::rescale_numerator_skipped) ? Real{1} : skipped;
    state.l = accumulated(state.l * l_factor);
    for (Real& x : state.acc) x = accumulated(x * acc_factor);
  }
  state.m = highest;
}

template <class Real>
void RowPass<Real>::add_tile(State<Real>& state) {
  weights_.clear();
  for (const Real s : scores_) {
    const bool hidden = s == kNegInf<Real> && !is(KernelFault::nan_masked_tile);
    weights_.push_back(hidden ? Real{0} : exponential(s - state.m));
  }
  terms_ = weights_;
  if (is(KernelFault::accumulate_f16) || is(KernelFault::accumulate_bf16)) {
    for (const Real w : weights_) state.l = accumulated(state.l + w);
  } else {
    state.l = kept(state.l + sum(terms_));
  }
  if (a_.round_p && type_of(*p_.v) != Type::f32 && type_of(*p_.v) != Type::f64) {
    const bool f16 = type_of(*p_.v) == Type::f16;
    for (Real& w : weights_) {
      w = static_cast<Real>(f16 ? round_f16(static_cast<float>(w)) : round_bf16(static_cast<float>(w)));
    }
  }
  for (std::size_t c = 0; c < state.acc.size(); ++c) {
    const auto value = [&](std::size_t at) {
      return at_[at] < 0 ? Real{0} : static_cast<Real>(operands_.value(at_[at])[c]);
    };
    Real& x = state.acc[c];
    if (a_.tree) {
      terms_.clear();
      for (std::size_t at = 0; at < at_.size(); ++at) terms_.push_back(kept(weights_[at] * value(at)));
      x = kept(x + sum(terms_));
      continue;
    }
    for (std::size_t at = 0; at < at_.size(); ++at) {
      x = a_.fma ? std::fma(weights_[at], value(at), x) : accumulated(x + kept(weights_[at] * value(at)));
    }
  }
}

template <class Real>
void RowPass<Real>::tile(State<Real>& state) {
  if (scores_.empty()) return;
  const Real highest = *std::max_element(scores_.begin(), scores_.end());
  if (highest == kNegInf<Real> && state.m == kNegInf<Real> && is(KernelFault::nan_masked_tile)) {
    state.l = std::numeric_limits<Real>::quiet_NaN();  // exp(-inf - -inf)
    std::fill(state.acc.begin(), state.acc.end(), state.l);
    state.any = true;
    return;
  }
  rescale(state, highest);
  add_tile(state);
  state.any = state.any || highest != kNegInf<Real>;
  if (is(KernelFault::divides_in_loop) && state.l != 0) {
    for (Real& x : state.acc) x /= state.l;
  }
}

template <class Real>
State<Real> RowPass<Real>::split(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t begin,
                                 std::int64_t end, std::int64_t n) {
  State<Real> state = fresh();
  for (std::int64_t at = begin; at < end; ++at) {
    const std::int64_t t = a_.reversed ? begin + end - 1 - at : at;
    scores_of_tile(b, h, i, t * a_.tile_keys, n);
    tile(state);
  }
  if (state.any || split_count_ == 1) return state;
  if (is(KernelFault::empty_split_uninitialised)) {
    // What a debugging allocator leaves in the workspace that nobody wrote.
    state.m = state.l = std::numeric_limits<Real>::quiet_NaN();
    std::fill(state.acc.begin(), state.acc.end(), state.l);
    state.any = true;
  }
  if (is(KernelFault::empty_split_lse_zero)) {
    state.m = 0;
    state.l = 1;
    state.any = true;
  }
  return state;
}

template <class Real>
State<Real> RowPass<Real>::merged(const std::vector<State<Real>>& parts) const {
  State<Real> whole = fresh();
  for (const State<Real>& part : parts) {
    if (part.any) whole.m = std::isnan(part.m) ? part.m : std::max(whole.m, part.m);
  }
  for (const State<Real>& part : parts) {
    if (!part.any) continue;
    const Real factor = exponential(part.m - whole.m);
    whole.l = kept(whole.l + kept(factor * part.l));
    for (std::size_t c = 0; c < whole.acc.size(); ++c) {
      whole.acc[c] = kept(whole.acc[c] + kept(factor * part.acc[c]));
    }
    whole.any = true;
  }
  return whole;
}

// Each part is its lse and its output.
template <class Real>
State<Real> RowPass<Real>::merged_by_lse(const std::vector<State<Real>>& parts) const {
  std::vector<State<Real>> outputs;
  for (const State<Real>& part : parts) {
    if (!part.any) continue;
    State<Real> output = part;
    const Real m = is(KernelFault::lse_base2_merged) ? part.m * static_cast<Real>(kLog2E) : part.m;
    output.m = m + logarithm(part.l);
    output.l = 1;
    divide(part, output.acc);
    outputs.push_back(std::move(output));
  }
  return merged(outputs);
}

template <class Real>
void RowPass<Real>::divide(const State<Real>& state, std::vector<Real>& out) const {
  out.assign(state.acc.size(), Real{0});
  if (!state.any || state.l == 0) return;
  const Real inverse = 1 / state.l;
  for (std::size_t c = 0; c < out.size(); ++c) {
    out[c] = kept(a_.reciprocal ? state.acc[c] * inverse : state.acc[c] / state.l);
  }
  if (is(KernelFault::divides_in_loop)) out = state.acc;
  if (is(KernelFault::zeros)) std::fill(out.begin(), out.end(), Real{0});
}

template <class Real>
void RowPass<Real>::finish(std::int64_t h, State<Real> state, std::vector<Real>& out, Real& lse) const {
  const Real base = static_cast<Real>(a_.exp2 ? kLog2E : 1);
  if (p_.sink != nullptr) {
    State<Real> sink = fresh();
    sink.m = static_cast<Real>(load(*p_.sink, step(*p_.sink, 0, h))) * base + (a_.plus_one ? base : 0);
    sink.l = 1;
    sink.any = sink.m != kNegInf<Real>;
    if (is(KernelFault::values_mean)) sink.any = false;
    const bool seen = state.any;
    state = merged({state, sink});
    if (!seen) std::fill(state.acc.begin(), state.acc.end(), Real{0});
  }
  divide(state, out);
  lse = kNegInf<Real>;
  if (!state.any || state.l == 0) return;
  const Real m = state.m - (a_.plus_one ? base : 0);
  lse = a_.exp2 ? (m + std::log2(state.l)) / base : m + std::log(state.l);
}

template <class Real>
void RowPass<Real>::run(std::int64_t b, std::int64_t h, std::int64_t i, std::vector<Real>& out, Real& lse) {
  q_.clear();
  for (std::int64_t c = 0; c < p_.q->shape[3]; ++c) {
    q_.push_back(static_cast<Real>(load(*p_.q, offset(*p_.q, b, h, i, c))));
  }
  const std::int64_t n = operands_.keys(b);
  std::int64_t end = a_.past_end ? operands_.kv_len() : n;
  if (a_.tight && p_.causal != ATTEST_CAUSAL_NONE) {
    end = std::clamp<std::int64_t>(operands_.position(b, i) + 1, 0, n);
  }
  const std::int64_t tiles = (end + a_.tile_keys - 1) / a_.tile_keys;
  split_count_ = std::min<std::int64_t>(a_.splits, tiles);
  std::vector<State<Real>> parts;
  for (std::int64_t s = 0; s < split_count_; ++s) {
    parts.push_back(split(b, h, i, s * tiles / split_count_, (s + 1) * tiles / split_count_, n));
  }
  State<Real> state = fresh();
  if (split_count_ == 1) state = std::move(parts.front());
  if (split_count_ > 1) state = a_.merge_by_lse ? merged_by_lse(parts) : merged(parts);
  finish(h, std::move(state), out, lse);
}

template class RowPass<float>;
template class RowPass<double>;

}  // namespace attest::faulty
