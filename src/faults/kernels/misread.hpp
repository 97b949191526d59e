// Faults of a kernel's front: it takes parameters for others, and computes the rest right.
#pragma once

#include <cstdint>
#include <vector>

#include "faults/kernels/memory.hpp"
#include "faults/kernels/tiled.hpp"

namespace attest::faults::faulty {

/// The problem as a kernel with the fault takes it. The tensors of keys and values stay where they are.
class Misread {
 public:
  Misread(const attest_forward& problem, KernelFault fault, Memory* memory);
  Misread(const Misread&) = delete;
  Misread& operator=(const Misread&) = delete;

  const attest_forward& problem() const { return p_; }

 private:
  void set_kv_lens(std::vector<std::int32_t> lengths);

  attest_forward p_;
  std::vector<std::int32_t> lengths_;
  std::int64_t stride_ = 1;
  DLTensor kv_lens_{};
};

}  // namespace attest::faults::faulty
