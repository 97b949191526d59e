// Finds out what a kernel takes, before it is judged.
#pragma once

#include <vector>

#include "check/explore/prober.hpp"
#include "check/region/region.hpp"

namespace attest {

struct ExploreOptions {
  std::vector<DTypePair> dtypes;  ///< those to ask for; empty: all
  bool layouts = true;            ///< outputs and addresses can be laid out as attest wants
  bool lean = false;              ///< a few questions instead of some two hundred: each starts a process
};

/// Plain problems until one is accepted; then from it one change at a time, and the usual changes together. A
/// pure function of the kernel's answers. Empty when nothing was accepted.
Region explore(Prober& prober, const ExploreOptions& options);

}  // namespace attest
