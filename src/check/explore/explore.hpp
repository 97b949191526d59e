// Explores what a kernel accepts, before it is judged.
#pragma once

#include <vector>

#include "check/explore/prober.hpp"
#include "check/region/region.hpp"

namespace attest::check {

struct ExploreOptions {
  std::vector<DTypePair> dtypes;  ///< the dtypes to try; empty: all
  bool layouts = true;            ///< strided outputs and shared addresses can be tested
  bool lean = false;              ///< a few calls instead of about two hundred, because each starts a process
};

/// Tries plain problems until one is accepted. From there it changes one thing at a time, and some usual
/// combinations. A pure function of the kernel's answers. The region is empty if nothing was accepted.
Region explore(Prober& prober, const ExploreOptions& options);

}  // namespace attest::check
