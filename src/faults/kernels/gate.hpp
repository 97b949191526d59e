// Narrow kernels: they take a part of what the ABI allows and decline the rest.
#pragma once

#include <cstdint>

#include "faults/kernels/tiled.hpp"

namespace attest::faults::faulty {

enum class Gate : std::uint8_t {
  tile64,        ///< lengths that are multiples of 64, head dims 64
  equal_causal,  ///< causal of either kind, q_len = kv_len, head dims 64 or 128
  decode,        ///< one query, kv_lens, head dims 128, bf16
  f16_cache,     ///< q in f32, k and v in f16
  one_scale,     ///< scale 0.125
  grouped,       ///< fewer key/value heads than query heads
  single_key,    ///< kv_len 1, no feature
  plain_causal,  ///< f32 or f16, causal, scale 1/sqrt(d), equal head dims, no lse, no other feature
};

bool admits(Gate gate, const attest_forward& problem);

Gate gate_of(NarrowKernel kernel);
KernelFault fault_of(NarrowKernel kernel);

/// Declines what the kernel's gate does not admit, and answers the rest as forward() with its fault.
int narrow_forward(const attest_forward& problem, NarrowKernel kernel);

}  // namespace attest::faults::faulty
