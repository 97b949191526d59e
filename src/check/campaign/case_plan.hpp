// The plan of a campaign's n-th case: a pure function of the seed, the number and the context.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "check/campaign/coverage.hpp"
#include "check/generate/families.hpp"
#include "kernel/kernel.hpp"
#include "laws/law.hpp"

namespace attest::check {

struct PreparedLaw {
  const laws::Law* law = nullptr;
  Problem problem;  ///< derived from the case's problem so that the law applies
};

struct CasePlan {
  std::size_t family = 0;  ///< index in families()
  Problem problem;
  kernel::Placement placement = kernel::Placement::misaligned;
  std::vector<const laws::Law*> laws;  ///< evaluated on the problem itself, in the order of kernel_laws()
  std::vector<PreparedLaw> prepared;
  std::optional<Crossing> asked;  ///< the crossing that the problem was drawn for, if any
  std::int64_t left_out = 0;      ///< prepared problems that the kernel is known to decline
};

using Laws = std::vector<const laws::Law*>;

/// Laws that need further calls, or that look at every pair of a row and a key, take turns and skip large
/// problems. `scarce` laws are evaluated on every problem that is not large.
CasePlan plan_case(std::uint64_t seed, std::int64_t number, const GenContext& context,
                   const Laws& scarce = {});

/// The same with a problem of the crossing, drawn by the first of a few families that can; none if none can.
std::optional<CasePlan> plan_case_of(const Crossing& crossing, std::uint64_t seed, std::int64_t number,
                                     const GenContext& context, const Laws& scarce = {});

/// A case of the law "NaN propagates" on whole tiles of rows, without any optional feature: kernels have
/// paths of their own there. Of a few problems it takes the first in which NaN must reach an output.
CasePlan plan_nan_case(std::uint64_t seed, std::int64_t number, GenContext context, Laws scarce = {});

}  // namespace attest::check
