// Arithmetic of a kernel in one kind of number, with the faults that are in single operations.
#pragma once

#include <vector>

#include "faults/kernels/tiled.hpp"

namespace attest::faults::faulty {

template <class Real>
class Numbers {
 public:
  Numbers(KernelFault fault, const Arithmetic& arithmetic) : fault_(fault), a_(arithmetic) {}

 protected:
  bool is(KernelFault fault) const { return fault_ == fault; }
  Real kept(Real x) const;         ///< a result of one operation
  Real accumulated(Real x) const;  ///< a sum that keys are added to
  Real exponential(Real x) const;
  Real logarithm(Real x) const;
  Real sum(std::vector<Real>& terms) const;  ///< spoils the terms

  KernelFault fault_;
  Arithmetic a_;
};

extern template class Numbers<float>;
extern template class Numbers<double>;

}  // namespace attest::faults::faulty
