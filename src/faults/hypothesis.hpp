// A hypothesis about a kernel: a fault of the catalogue, with the tile size if it matters.
#pragma once

#include <vector>

#include "faults/catalogue.hpp"

namespace attest::faults {

struct Hypothesis {
  KernelFault fault = KernelFault::none;
  int tile = 0;  ///< keys (or rows) per tile; 0: the fault does not depend on it
};

/// Every fault that has a signature of its own, with each of the usual tile sizes where it depends on them,
/// in the order of the catalogue.
const std::vector<Hypothesis>& all_hypotheses();

}  // namespace attest::faults
