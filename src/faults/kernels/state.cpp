#include "faults/kernels/state.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "faults/kernels/scores.hpp"
#include "faults/kernels/view.hpp"

namespace attest::faults::faulty {
namespace {

constexpr double kLn2 = 0.69314718055994531;

// What the running maximum begins at.
double initial_maximum(KernelFault fault) {
  switch (fault) {
    case KernelFault::initial_max_zero:
      return 0;
    case KernelFault::initial_max_flt_min:
      return static_cast<double>(std::numeric_limits<float>::min());
    case KernelFault::initial_max_minus_1e4:
      return -1e4;
    case KernelFault::initial_max_finite:
      return -5e4;
    case KernelFault::initial_max_minus_1e30:
      return -1e30;
    default:
      return -HUGE_VAL;
  }
}

// A table's 12 bits and one Newton step, which stays below.
template <class Real>
Real estimated_inverse(Real x) {
  const Real estimate = static_cast<Real>(round_bits(1 / static_cast<double>(x), 12, -1022, 0x1p1022));
  return estimate * (2 - x * estimate);
}

}  // namespace

template <class Real>
State<Real> States<Real>::empty() const {
  State<Real> state;
  state.m = kNegInf<Real>;
  state.acc.assign(static_cast<std::size_t>(p_.v->shape[3]), Real{0});
  return state;
}

template <class Real>
State<Real> States<Real>::fresh() const {
  State<Real> state = empty();
  state.m = static_cast<Real>(initial_maximum(this->fault_));
  return state;
}

template <class Real>
State<Real> States<Real>::merged(const std::vector<State<Real>>& parts) const {
  State<Real> whole = empty();
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

// Its output, with its lse for a maximum.
template <class Real>
State<Real> States<Real>::divided(const State<Real>& part) const {
  State<Real> output = part;
  const Real m = is(KernelFault::lse_base2_merged) ? part.m * static_cast<Real>(kLog2E) : part.m;
  output.m = m + logarithm(part.l);
  output.l = 1;
  divide(part, output.acc);
  return output;
}

template <class Real>
State<Real> States<Real>::merged_by_lse(const std::vector<State<Real>>& parts) const {
  std::vector<State<Real>> outputs;
  for (const State<Real>& part : parts) {
    if (part.any) outputs.push_back(divided(part));
  }
  if (!a_.chained || outputs.empty()) return merged(outputs);
  State<Real> whole = outputs.front();
  for (std::size_t at = 1; at < outputs.size(); ++at) whole = divided(merged({whole, outputs[at]}));
  return whole;
}

template <class Real>
Real States<Real>::base() const {
  return static_cast<Real>(a_.exp2 ? kLog2E : 1);
}

template <class Real>
State<Real> States<Real>::sink_of(std::int64_t h) const {
  State<Real> sink = empty();
  Real score = static_cast<Real>(load(*p_.sink, step(*p_.sink, 0, h)));
  if (is(KernelFault::sink_base_2)) score *= static_cast<Real>(kLn2);
  if (is(KernelFault::sink_scaled) && std::isfinite(score)) score *= static_cast<Real>(p_.scale);
  sink.m = score * base() + (a_.plus_one ? base() : 0);
  sink.l = 1;
  sink.any = sink.m != kNegInf<Real> && !is(KernelFault::values_mean);
  return sink;
}

template <class Real>
State<Real> States<Real>::with_sink(std::int64_t h, State<Real> state, bool twice) const {
  if (p_.sink == nullptr) return state;
  const bool seen = state.any;
  State<Real> sink = sink_of(h);
  if (is(KernelFault::sink_of_empty_split)) {
    if (!seen) return state;
    if (twice) sink.l = 2;
  }
  state = merged({state, sink});
  if (!seen) std::fill(state.acc.begin(), state.acc.end(), Real{0});
  return state;
}

template <class Real>
void States<Real>::divide(const State<Real>& state, std::vector<Real>& out) const {
  out.assign(state.acc.size(), Real{0});
  if (!state.any || state.l == 0) return;
  const Real inverse = a_.estimate ? estimated_inverse(state.l) : 1 / state.l;
  for (std::size_t c = 0; c < out.size(); ++c) {
    out[c] = kept(a_.reciprocal ? state.acc[c] * inverse : state.acc[c] / state.l);
  }
  if (is(KernelFault::divides_in_loop)) out = state.acc;
  if (is(KernelFault::zeros)) std::fill(out.begin(), out.end(), Real{0});
}

template <class Real>
void States<Real>::finish(const State<Real>& state, std::vector<Real>& out, Real& lse) const {
  divide(state, out);
  lse = kNegInf<Real>;
  if (!state.any || state.l == 0) return;
  const Real m = state.m - (a_.plus_one ? base() : 0);
  lse = a_.exp2 ? (m + std::log2(state.l)) / base() : m + std::log(state.l);
}

template class States<float>;
template class States<double>;

}  // namespace attest::faults::faulty
