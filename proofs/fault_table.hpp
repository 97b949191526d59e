// The published faults of attention kernels that are faults of the recurrence, and the theorem that each
// breaks.
#pragma once

#include <string>
#include <vector>

#include "prove/theorem.hpp"

namespace attest {

struct RecurrenceFault {
  std::string number;   ///< of the list of faults, with a letter where one has several forms
  std::string name;     ///< what the kernel does
  std::string theorem;  ///< that fails for it
  /// The wrong program: the theorem's statement in a faulty semantics, or the theorem's twin.
  Statement wrong;
};

/// In the order of the list. Faults of masks' indices, layouts and head maps are not of the recurrence; the
/// laws on kernels find those.
std::vector<RecurrenceFault> recurrence_faults();

}  // namespace attest
