// A hypothesis about what a kernel does: a fault of the catalogue, with the tile size where it matters.
#pragma once

#include <vector>

#include "faults/catalogue.hpp"

namespace attest {

struct Hypothesis {
  KernelFault fault = KernelFault::none;
  int tile = 0;  ///< keys (or rows) a tile; 0 where the fault does not depend on it
};

/// Every fault that has a signature of its own, with each of the usual tile sizes where it depends on them,
/// in the order of the catalogue.
const std::vector<Hypothesis>& all_hypotheses();

}  // namespace attest
