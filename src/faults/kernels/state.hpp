// The state of a row between tiles, and how states of splits and of the sink become one.
#pragma once

#include <cstdint>
#include <vector>

#include "faults/kernels/numbers.hpp"

namespace attest::faults::faulty {

/// m is the maximum that the weights are relative to, in the unit of the exponential (nats, or bits for base
/// 2).
template <class Real>
struct State {
  Real m = 0, l = 0;
  std::vector<Real> acc;
  bool any = false;  ///< saw a key
};

template <class Real>
class States : Numbers<Real> {
 public:
  States(const attest_forward& problem, KernelFault fault, const Arithmetic& arithmetic)
      : Numbers<Real>(fault, arithmetic), p_(problem) {}

  /// Before the first key.
  State<Real> fresh() const;
  State<Real> merged(const std::vector<State<Real>>& parts) const;
  /// Each part is its lse and its output.
  State<Real> merged_by_lse(const std::vector<State<Real>>& parts) const;
  /// Adds the sink of query head h; `twice` where an empty split has added it before.
  State<Real> with_sink(std::int64_t h, State<Real> state, bool twice) const;
  /// The row's result.
  void finish(const State<Real>& state, std::vector<Real>& out, Real& lse) const;

 private:
  using Numbers<Real>::a_;
  using Numbers<Real>::is;
  using Numbers<Real>::kept;
  using Numbers<Real>::exponential;
  using Numbers<Real>::logarithm;

  State<Real> divided(const State<Real>& part) const;
  State<Real> empty() const;
  State<Real> sink_of(std::int64_t h) const;
  Real base() const;
  void divide(const State<Real>& state, std::vector<Real>& out) const;

  const attest_forward& p_;
};

extern template class States<float>;
extern template class States<double>;

}  // namespace attest::faults::faulty
