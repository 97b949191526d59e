// Finished outputs with their lse, as split-K kernels store and merge them.
//
// (lse, output) is the state (m = lse, l = 1, o = output) of the same keys, so it merges like any other
// state.
#pragma once

#include "attention/recurrence.hpp"

namespace attest::attention {

/// A finished row: the log-sum-exp of its visible scores and its output.
template <semantics::Semantics A, class Storage = std::vector<typename A::Acc>>
struct Row {
  typename A::Score lse;
  Storage output;
};

/// lse = m + ln(l), output = o / l.
template <semantics::LogSumExp A, class Storage>
Row<A> to_row(const A& k, const State<A, Storage>& state) {
  return {k.lse(state.m, state.l), finalize(k, state)};
}

template <semantics::Semantics A>
State<A> to_state(const A& k, const Row<A>& row) {
  return {row.lse, k.one(), row.output};
}

/// The row over the keys of both. Precondition: the two sets of keys are disjoint.
template <semantics::LogSumExp A>
Row<A> merge(const A& k, const Row<A>& a, const Row<A>& b) {
  return to_row(k, merge(k, to_state(k, a), to_state(k, b)));
}

}  // namespace attest::attention
