// Lazy rescaling that is decided for a group of rows at once.
#pragma once

#include <cstdint>
#include <vector>

#include "faults/kernels/operands.hpp"
#include "faults/kernels/scores.hpp"

namespace attest::faults::faulty {

/// When one row of a row tile needs a new reference, every row with a key in the key tile takes the maximum
/// of that tile, even where its own reference is higher.
template <class Real>
class SharedReferences {
 public:
  explicit SharedReferences(const Operands& operands) : operands_(operands) {}

  /// Of row i after each key tile. Leaves the row's own query loaded.
  const std::vector<Real>& of_row(Scores<Real>& scores, std::int64_t b, std::int64_t h, std::int64_t i);

 private:
  void plan(Scores<Real>& scores);
  std::vector<Real> maxima(const Scores<Real>& scores, std::int64_t i) const;

  const Operands& operands_;
  std::int64_t b_ = -1, h_ = -1, first_ = -1;  // of the group that is planned
  std::vector<std::vector<Real>> references_;  // [row of the group][key tile]
};

extern template class SharedReferences<float>;
extern template class SharedReferences<double>;

}  // namespace attest::faults::faulty
