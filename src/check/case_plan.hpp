// What a campaign does with its n-th case: a pure function of the seed, the number and the context.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "check/families.hpp"
#include "kernel/kernel.hpp"
#include "laws/law.hpp"

namespace attest {

struct PreparedLaw {
  const Law* law = nullptr;
  Problem problem;  ///< made from the case's problem so that the law applies
};

struct CasePlan {
  std::size_t family = 0;  ///< index in families()
  Problem problem;
  Placement placement = Placement::misaligned;
  std::vector<const Law*> laws;  ///< put to the problem itself, in the order of kernel_laws()
  std::vector<PreparedLaw> prepared;
};

/// Laws that need further calls, or a look at every pair of row and key, take turns, and leave out large
/// problems.
CasePlan plan_case(std::uint64_t seed, std::int64_t number, const GenContext& context);

}  // namespace attest
