// Where a kernel reads an element: right, or as a fault of its address arithmetic has it. Every address is
// one of a stored element.
#pragma once

#include <cstdint>

#include "faults/kernels/tiled.hpp"

namespace attest::faults::faulty {

class Addresses {
 public:
  Addresses(const attest_forward& problem, KernelFault fault) : p_(problem), fault_(fault) {}

  /// Element c of row i of q, k or v.
  std::int64_t of_vector(const DLTensor& t, std::int64_t b, std::int64_t h, std::int64_t i,
                         std::int64_t c) const;
  /// Element of mask or bias.
  std::int64_t of_score(const DLTensor& t, std::int64_t b, std::int64_t h, std::int64_t i,
                        std::int64_t j) const;

 private:
  const attest_forward& p_;
  KernelFault fault_;
};

}  // namespace attest::faults::faulty
