// The published faults of attention kernels that are faults of the recurrence, and the theorem that each
// breaks.
#pragma once

#include <string>
#include <vector>

#include "faults/root_cause/root_cause.hpp"
#include "prove/theorem.hpp"

namespace attest::proofs {

struct RecurrenceFault {
  faults::RootCause cause{};
  std::string theorem;  ///< that fails for it
  /// The wrong program: the theorem's statement in a faulty semantics, or the theorem's twin.
  prove::Statement wrong;
};

/// Faults of masks' indices, layouts and head maps are not of the recurrence; the
/// laws on kernels find those.
std::vector<RecurrenceFault> recurrence_faults();

}  // namespace attest::proofs
