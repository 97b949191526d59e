#include "faults/kernels/row_pass.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "faults/kernels/view.hpp"

namespace attest::faults::faulty {

// Keys that the row does not see, but whose values meet a weight of 0.
template <class Real>
bool RowPass<Real>::reads_hidden(std::int64_t b, std::int64_t i, std::int64_t j, std::int64_t n) const {
  if (j >= operands_.kv_len()) return false;
  if (is(KernelFault::tail_values_read)) return j >= n;
  if (!is(KernelFault::window_values_read) || p_.window_left == -1) return false;
  return j >= n || operands_.left_of_window(b, i, j);
}

template <class Real>
void RowPass<Real>::scores_of_tile(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t first,
                                   std::int64_t n) {
  const bool unmasked =
      p_.mask == nullptr && p_.causal == ATTEST_CAUSAL_NONE && p_.window_left == -1 && p_.window_right == -1;
  const bool padding_scored = is(KernelFault::tail_scores_zero) ||
                              (is(KernelFault::tail_scores_zero_d128) && p_.q->shape[3] == 128 && unmasked);
  at_.clear();
  scores_.clear();
  for (std::int64_t at = 0; at < a_.tile_keys; ++at) {
    const std::int64_t j = first + (a_.reversed ? a_.tile_keys - 1 - at : at);
    if (j >= n && padding_scored) {
      at_.push_back(-1);
      scores_.push_back(0);
      continue;
    }
    if (reads_hidden(b, i, j, n)) {
      at_.push_back(j);
      scores_.push_back(kNegInf<Real>);
      continue;
    }
    if (j >= n) continue;
    const Real s = operands_.sees(b, h, i, j) ? row_.score(b, h, i, j) : row_.masked();
    const bool nothing = s == kNegInf<Real> && !is(KernelFault::nan_masked_tile);
    if (nothing) continue;
    at_.push_back(j);
    scores_.push_back(s);
  }
}

template <class Real>
void RowPass<Real>::rescale(State<Real>& state, Real highest) const {
  const bool always = is(KernelFault::rescale_contracted) && row_.unit() != 1 && state.any;
  if (always) highest = std::max(highest, state.m);
  if (!always && highest <= state.m + static_cast<Real>(a_.lazy)) return;
  if (fixed_ && highest != kNegInf<Real>) return refer_to(state, std::max(*fixed_, highest));
  refer_to(state, highest);
}

template <class Real>
void RowPass<Real>::refer_to(State<Real>& state, Real reference) const {
  if (state.any) {
    const Real factor = row_.rescale(state.m, reference);
    const Real skipped = is(KernelFault::rescale_skipped) ? Real{1} : factor;
    const Real l_factor = is(KernelFault::rescale_denominator_skipped) ? Real{1} : skipped;
    const Real acc_factor = is(KernelFault::rescale_numerator_skipped) ? Real{1} : skipped;
    state.l = accumulated(state.l * l_factor);
    for (Real& x : state.acc) x = accumulated(x * acc_factor);
  }
  state.m = reference;
}

template <class Real>
void RowPass<Real>::add_tile(State<Real>& state) {
  weights_.clear();
  for (const Real s : scores_) {
    const bool hidden = s == kNegInf<Real> && !is(KernelFault::nan_masked_tile);
    weights_.push_back(hidden ? Real{0} : row_.weight(s, state.m));
  }
  terms_ = weights_;
  if (is(KernelFault::accumulate_f16) || is(KernelFault::accumulate_bf16) || a_.sum_bits != 0) {
    for (const Real w : weights_) state.l = accumulated(state.l + w);
  } else {
    state.l = kept(state.l + sum(terms_));
  }
  round_weights();
  add_values(state);
}

template <class Real>
void RowPass<Real>::round_weights() {
  const Real scale = static_cast<Real>(a_.p_scale);
  const Type type = type_of(*p_.v);
  const bool f16 = type == Type::f16;
  for (Real& w : weights_) {
    if (a_.p != Narrow::none) w = static_cast<Real>(narrowed(static_cast<double>(w * scale), a_.p)) / scale;
    if (type == Type::f32 || type == Type::f64) continue;
    if (a_.stochastic_p) w = rounded_by_chance(w, f16);
    if (!a_.round_p) continue;
    const float x = static_cast<float>(w * scale);
    w = static_cast<Real>(f16 ? round_f16(x) : round_bf16(x)) / scale;
  }
}

// To one of the two numbers around x, the nearer the likelier.
template <class Real>
Real RowPass<Real>::rounded_by_chance(Real x, bool f16) {
  if (x == 0) return x;
  const int quantum = f16 ? std::max(std::ilogb(x), -14) - 10 : std::max(std::ilogb(x), -126) - 7;
  chance_ = chance_ * 6364136223846793005ULL + 1442695040888963407ULL;
  const double share = static_cast<double>(chance_ >> 11U) * 0x1p-53;
  return static_cast<Real>(
      std::ldexp(std::floor(std::ldexp(static_cast<double>(x), -quantum) + share), quantum));
}

template <class Real>
void RowPass<Real>::add_values(State<Real>& state) {
  for (std::size_t c = 0; c < state.acc.size(); ++c) {
    const auto value = [&](std::size_t at) {
      if (at_[at] < 0) return Real{0};
      const Real given = static_cast<Real>(operands_.value(at_[at])[c]);
      const Real v = a_.half ? kept(given) : given;
      return centre_.empty() ? v : v - centre_[c];
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
void RowPass<Real>::tile(State<Real>& state, std::int64_t number) {
  if (scores_.empty()) return;
  const Real highest = *std::max_element(scores_.begin(), scores_.end());
  if (highest == kNegInf<Real> && state.m == kNegInf<Real> && is(KernelFault::nan_masked_tile)) {
    state.l = std::numeric_limits<Real>::quiet_NaN();  // exp(-inf - -inf)
    std::fill(state.acc.begin(), state.acc.end(), state.l);
    state.any = true;
    return;
  }
  if (is(KernelFault::lazy_rescale_of_group)) {
    const Real reference = references_of_row_[static_cast<std::size_t>(number)];
    if (reference != state.m) refer_to(state, reference);
  } else {
    rescale(state, highest);
  }
  add_tile(state);
  state.any = state.any || highest != kNegInf<Real>;
  if (is(KernelFault::divides_in_loop) && state.l != 0) {
    for (Real& x : state.acc) x /= state.l;
  }
}

template <class Real>
State<Real> RowPass<Real>::split(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t begin,
                                 std::int64_t end, std::int64_t n) {
  State<Real> state = states_.fresh();
  for (std::int64_t at = begin; at < end; ++at) {
    const std::int64_t turned = begin + (at - begin + a_.call) % (end - begin);
    const std::int64_t t = a_.reversed ? begin + end - 1 - at : a_.order_varies ? turned : at;
    scores_of_tile(b, h, i, t * a_.tile_keys, n);
    tile(state, t);
  }
  state.m = row_.reference(state.m);
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
void RowPass<Real>::set_centre(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t n) {
  centre_.clear();
  if (!a_.centred || p_.sink != nullptr) return;
  std::int64_t count = 0;
  centre_.assign(static_cast<std::size_t>(p_.v->shape[3]), Real{0});
  for (std::int64_t j = 0; j < n; ++j) count += operands_.sees(b, h, i, j) ? 1 : 0;
  for (std::int64_t j = 0; j < n; ++j) {
    if (!operands_.sees(b, h, i, j)) continue;
    for (std::size_t c = 0; c < centre_.size(); ++c)
      centre_[c] += static_cast<Real>(operands_.value(j)[c]) / static_cast<Real>(count);
  }
}

template <class Real>
State<Real> RowPass<Real>::all_keys(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t n,
                                    bool& first_empty) {
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
  first_empty = split_count_ > 1 && !parts.front().any;
  State<Real> state = states_.fresh();
  if (split_count_ == 1) state = std::move(parts.front());
  if (split_count_ > 1) state = a_.merge_by_lse ? states_.merged_by_lse(parts) : states_.merged(parts);
  return state;
}

template <class Real>
void RowPass<Real>::add_leak(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t n,
                             std::vector<Real>& out) const {
  const Real weight = static_cast<Real>(a_.leak);
  for (std::int64_t j = 0; j < n; ++j) {
    if (operands_.sees(b, h, i, j)) continue;
    for (std::size_t c = 0; c < out.size(); ++c)
      out[c] += weight * (static_cast<Real>(operands_.value(j)[c]) - out[c]);
    return;
  }
}

template <class Real>
void RowPass<Real>::run(std::int64_t b, std::int64_t h, std::int64_t i, std::vector<Real>& out, Real& lse) {
  row_.load_query(b, h, i);
  if (is(KernelFault::lazy_rescale_of_group)) references_of_row_ = references_.of_row(row_, b, h, i);
  const std::int64_t n = operands_.keys(b);
  chance_ = static_cast<std::uint64_t>(a_.call * 1000003 + (b * 64 + h) * 4096 + i);
  set_centre(b, h, i, n);
  fixed_.reset();
  if (a_.reference == Reference::norms)
    fixed_ = row_.norms(b, h, i, n) + std::max(row_.moved(b, h, i), Real{0});
  bool first_empty = false;
  State<Real> state = all_keys(b, h, i, n, first_empty);
  if (a_.reference == Reference::lse && state.any && state.l != 0) {
    fixed_ = state.m + std::log(state.l);
    state = all_keys(b, h, i, n, first_empty);
  }
  state.m -= row_.moved(b, h, i);
  state = states_.with_sink(h, std::move(state), first_empty);
  states_.finish(state, out, lse);
  if (!state.any) return;
  if (a_.leak != 0) add_leak(b, h, i, n, out);
  for (std::size_t c = 0; c < centre_.size(); ++c) out[c] = kept(out[c] + centre_[c]);
}

template class RowPass<float>;
template class RowPass<double>;

}  // namespace attest::faults::faulty
