// Scores of one query row.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "faults/kernels/numbers.hpp"
#include "faults/kernels/operands.hpp"

namespace attest::faults::faulty {

inline constexpr double kLog2E = 1.4426950408889634;

template <class Real>
inline constexpr Real kNegInf = -std::numeric_limits<Real>::infinity();

template <class Real>
class Scores : Numbers<Real> {
 public:
  Scores(const attest_forward& problem, KernelFault fault, const Arithmetic& arithmetic,
         const Operands& operands);

  void load_query(std::int64_t b, std::int64_t h, std::int64_t i);
  /// In nats, or in bits where exponentials are base 2. The row's query is loaded, its keys are staged.
  Real score(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t j) const;
  /// What ALiBi by position adds to every score of the row.
  Real moved(std::int64_t b, std::int64_t h, std::int64_t i) const;
  /// No score of the row over its n keys is above this.
  Real norms(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t n) const;
  /// What a masked key is given in place of its score.
  Real masked() const;

  /// What an exponent multiplies scores by. Other than 1 only for faults of kernels that leave the scale to
  /// the exponent: their scores are q.k, where nothing else is added to it.
  Real unit() const { return unit_; }
  /// Exponential of a score relative to the maximum m.
  Real weight(Real s, Real m) const;
  /// What sums relative to the maximum `from` are multiplied by when it becomes `to`.
  Real rescale(Real from, Real to) const;
  /// A maximum as the rest of the kernel takes it: in nats, or in bits where exponentials are base 2.
  Real reference(Real m) const;

 private:
  using Numbers<Real>::a_;
  using Numbers<Real>::is;
  using Numbers<Real>::kept;
  using Numbers<Real>::exponential;
  using Numbers<Real>::sum;

  Real dot(const double* key, Real first) const;
  bool by_position() const;

  const attest_forward& p_;
  const Operands& operands_;
  bool more_;  ///< more than scale * q.k
  Real unit_ = 1;
  std::vector<double> loaded_;
  std::vector<Real> q_;
};

extern template class Scores<float>;
extern template class Scores<double>;

}  // namespace attest::faults::faulty
