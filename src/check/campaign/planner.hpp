// Decides which case a campaign runs next.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

#include "check/campaign/case_plan.hpp"
#include "check/campaign/coverage.hpp"
#include "check/checker/checker.hpp"
#include "check/region/region.hpp"
#include "check/turns/law_turns.hpp"

namespace attest::check {

struct PlannerOptions {
  std::uint64_t seed = 1;
  std::int64_t planned = 0;              ///< cases of the whole campaign
  std::int64_t crossing_cases = 0;       ///< required of each crossing of feature and shape; 0: none
  std::chrono::milliseconds time_limit;  ///< of one call
  std::int64_t tall_cases = 0;           ///< with thousands of rows, spread over the campaign
  std::int64_t far_cases = 0;            ///< with mask rows past 2^32 elements, spread over the campaign
  std::int64_t nan_cases = 0;            ///< with NaN on whole tiles of rows, spread over the campaign
  /// Whether a case will be judged, and so needs the further calls of its laws; empty: all will be.
  std::function<bool(std::int64_t)> judges{};
};

/// A law that fell behind gets one case in so many.
inline constexpr std::int64_t kCasesOfALaw = 40;

/// Most cases are drawn from everything that the kernel accepts. One in seven is drawn for the crossing of an
/// accepted feature and a shape with the fewest cases so far, until each has enough. Another one in seven is
/// drawn for the rarest accepted dtype or feature. Laws that had their turn in fewer than one case in forty
/// are evaluated on every case. The plan is a pure function of the answers and their order.
class Planner {
 public:
  Planner(kernel::Kernel& kernel, Checker& checker, const PlannerOptions& options,
          std::function<GenContext()> context, const LawTurns& turns, Coverage& coverage)
      : kernel_(kernel),
        checker_(checker),
        options_(options),
        context_(std::move(context)),
        turns_(turns),
        coverage_(coverage) {}

  /// Call with 0, 1, 2, ... For kernels that are slow to start, many cases are planned and announced at once,
  /// from the answers before all of them.
  CasePlan next(std::int64_t number);

 private:
  CasePlan plan(std::int64_t number);
  std::optional<CasePlan> plan_crossing(std::int64_t number, const GenContext& context, const Laws& scarce);
  std::optional<GenContext> tall_context(std::int64_t number, GenContext context) const;
  std::optional<GenContext> far_context(std::int64_t number, GenContext context) const;
  std::int64_t due(std::int64_t number) const;
  void announce(const CasePlan& plan, bool judged, std::vector<Problem>& problems);

  kernel::Kernel& kernel_;
  Checker& checker_;
  PlannerOptions options_;
  std::function<GenContext()> context_;
  const LawTurns& turns_;
  Coverage& coverage_;
  std::deque<CasePlan> ahead_;  // planned and announced
};

}  // namespace attest::check
