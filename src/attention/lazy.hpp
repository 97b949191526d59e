// Lazy rescaling, as in FlashAttention-4: the shift follows the running max only when it lags by more than
// tau.
//
// m is then a shift that is within tau of the running max, so weights may reach e^tau, and most tiles rescale
// by exactly 1. The shift cancels in numerator / denominator, so in exact numbers nothing changes.
#pragma once

#include "attention/online.hpp"

namespace attest::attention {

/// absorb with a lagging shift; tau is a score difference (nats, or e^tau where a score is its exponential).
/// The state's first tile comes from `block`, whose m is the tile's max.
template <semantics::Thresholds A, class Storage, class Scores, class Values>
void lazy_absorb(const A& k, State<A, Storage>& state, const Scores& scores, const Values& values,
                 const typename A::Score& tau) {
  auto running_max = state.m;
  for (std::size_t j = 0; j < scores.size(); ++j) running_max = k.max(running_max, scores[j]);
  const auto shift = k.select(k.exceeds(running_max, state.m, tau), running_max, state.m);
  rescale(k, state, k.exp(k.sub(state.m, shift)));
  accumulate(k, state, shift, scores, values);
  state.m = shift;
}

}  // namespace attest::attention
