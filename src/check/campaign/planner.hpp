// Decides which case a campaign runs next.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

#include "check/campaign/case_plan.hpp"
#include "check/campaign/ledger.hpp"
#include "check/region/region.hpp"

namespace attest {

struct PlannerOptions {
  std::uint64_t seed = 1;
  std::int64_t planned = 0;         ///< cases of the whole campaign
  std::int64_t crossing_cases = 0;  ///< wanted of each crossing of feature and shape; 0: none is asked for
  std::chrono::milliseconds time_limit;  ///< of one call
  std::int64_t tall_cases = 0;           ///< with thousands of rows, spread over the campaign
  std::int64_t far_cases = 0;            ///< with mask rows past 2^32 elements, spread over the campaign
};

/// Most cases are drawn from all that the kernel takes. One in seven is drawn for the crossing of an accepted
/// feature and a shape that has met the fewest cases so far, until each has as many as wanted; another one in
/// seven for what is rarest among the dtypes and features that it takes. Laws that fall behind one case in
/// forty are put to every case. All of it a pure function of the answers in their order.
class Planner {
 public:
  Planner(Kernel& kernel, Checker& checker, const PlannerOptions& options,
          std::function<GenContext()> context, const Ledger& ledger, Coverage& coverage)
      : kernel_(kernel),
        checker_(checker),
        options_(options),
        context_(std::move(context)),
        ledger_(ledger),
        coverage_(coverage) {}

  /// Call with 0, 1, 2, ... Kernels that are slow to start learn of many cases at once, planned on what was
  /// answered before all of them.
  CasePlan next(std::int64_t number);

 private:
  CasePlan plan(std::int64_t number);
  std::optional<CasePlan> plan_crossing(std::int64_t number, const GenContext& context, const Laws& scarce);
  std::optional<GenContext> tall_context(std::int64_t number, GenContext context) const;
  std::optional<GenContext> far_context(std::int64_t number, GenContext context) const;
  std::int64_t due(std::int64_t number) const;
  void announce(const CasePlan& plan, std::vector<Problem>& problems);

  Kernel& kernel_;
  Checker& checker_;
  PlannerOptions options_;
  std::function<GenContext()> context_;
  const Ledger& ledger_;
  Coverage& coverage_;
  std::deque<CasePlan> ahead_;  // planned and announced
};

}  // namespace attest
