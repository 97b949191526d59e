// One row of attention, tile by tile, in one kind of number.
#pragma once

#include <cstdint>
#include <vector>

#include "faults/kernels/numbers.hpp"
#include "faults/kernels/operands.hpp"

namespace attest::faulty {

/// m is the maximum that the weights are relative to, in the unit of the exponential (nats, or bits for base
/// 2).
template <class Real>
struct State {
  Real m = 0, l = 0;
  std::vector<Real> acc;
  bool any = false;  ///< saw a key
};

template <class Real>
class RowPass : Numbers<Real> {
 public:
  RowPass(const attest_forward& problem, KernelFault fault, const Arithmetic& arithmetic,
          const Operands& operands)
      : Numbers<Real>(fault, arithmetic), p_(problem), operands_(operands) {}

  /// The row's result. Its keys and values are staged in the operands. out has v_dim elements.
  void run(std::int64_t b, std::int64_t h, std::int64_t i, std::vector<Real>& out, Real& lse);

 private:
  using Numbers<Real>::a_;
  using Numbers<Real>::is;
  using Numbers<Real>::kept;
  using Numbers<Real>::accumulated;
  using Numbers<Real>::exponential;
  using Numbers<Real>::logarithm;
  using Numbers<Real>::sum;

  Real dot(const double* key) const;
  Real score(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t j) const;
  Real masked_score() const;
  State<Real> fresh() const;

  void scores_of_tile(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t first, std::int64_t n);
  void rescale(State<Real>& state, Real highest) const;
  void add_tile(State<Real>& state);
  void tile(State<Real>& state);
  State<Real> split(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t begin, std::int64_t end,
                    std::int64_t n);
  State<Real> merged(const std::vector<State<Real>>& parts) const;
  State<Real> merged_by_lse(const std::vector<State<Real>>& parts) const;
  void finish(std::int64_t h, State<Real> state, std::vector<Real>& out, Real& lse) const;
  void divide(const State<Real>& state, std::vector<Real>& out) const;

  const attest_forward& p_;
  const Operands& operands_;
  std::int64_t split_count_ = 1;
  std::vector<Real> q_;
  std::vector<std::int64_t> at_;  // keys of the tile ...
  std::vector<Real> scores_;      // ... and their scores
  std::vector<Real> weights_, terms_;
};

extern template class RowPass<float>;
extern template class RowPass<double>;

}  // namespace attest::faulty
