// Controls that do what one field of a contract says.
#pragma once

#include "faults/kernels/tiled.hpp"

// P is not rounded unless a control says so, and a tile has at least this many keys.
#define ATTEST_CONTRACT(fields) \
  "f64;" fields "|f32;" fields "|flash-bf16;probability=none;" fields "|flash-f16;probability=none;" fields

namespace attest::faults::faulty {

/// Leaves the arithmetic of other controls as it is.
void set_field(KernelControl control, Arithmetic& arithmetic);

/// That of the plain kernel for other controls.
const char* contract_of_field(KernelControl control);

}  // namespace attest::faults::faulty
