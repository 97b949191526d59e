// What a campaign does with its n-th case: a pure function of the seed, the number and the context.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "check/campaign/coverage.hpp"
#include "check/generate/families.hpp"
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
  std::optional<Crossing> asked;  ///< what the problem was drawn for, where for something
  std::int64_t left_out = 0;      ///< problems of laws that the kernel is known to decline
};

using Laws = std::vector<const Law*>;

/// Laws that need further calls, or a look at every pair of row and key, take turns, and leave out large
/// problems; `scarce` ones are put to every problem that is not large.
CasePlan plan_case(std::uint64_t seed, std::int64_t number, const GenContext& context,
                   const Laws& scarce = {});

/// The same with a problem of the crossing, drawn in its context by the first family that draws one; none
/// when none of a few does.
std::optional<CasePlan> plan_case_of(const Crossing& crossing, std::uint64_t seed, std::int64_t number,
                                     const GenContext& context, const Laws& scarce = {});

}  // namespace attest
