#include "check/campaign/planner.hpp"

#include <algorithm>
#include <utility>

namespace attest::check {
namespace {

constexpr std::int64_t kBatch = 16;
// Shares no factor with the turns of the families, so that none of them loses more cases than others.
constexpr std::int64_t kAskedEvery = 7;
constexpr std::int64_t kRarest = 4;  // cases of each dtype and feature that the kernel takes

// Whether a schedule of so many cases in all, evenly spread, has this one; the first of them early.
bool is_due(std::int64_t number, std::int64_t planned, std::int64_t cases, std::int64_t offset) {
  if (cases == 0) return false;
  const std::int64_t every = std::max<std::int64_t>(2, planned / cases);
  return number % every == (every / 2 + offset) % every;
}

}  // namespace

CasePlan Planner::next(std::int64_t number) {
  if (!kernel_.prefers_batches()) return plan(number);
  if (ahead_.empty()) {
    std::vector<Problem> problems;
    for (std::int64_t n = number; n < std::min(options_.planned, number + kBatch); ++n) {
      ahead_.push_back(plan(n));
      announce(ahead_.back(), !options_.judges || options_.judges(n), problems);
    }
    kernel_.prefetch(problems, options_.time_limit);
  }
  CasePlan plan = std::move(ahead_.front());
  ahead_.pop_front();
  return plan;
}

std::optional<CasePlan> Planner::plan_crossing(std::int64_t number, const GenContext& context,
                                               const Laws& scarce) {
  const auto crossing = coverage_.thinnest(due(number));
  if (!crossing) return std::nullopt;
  const GenContext asking = coverage_.asking_for(*crossing, options_.crossing_cases, context);
  auto plan = plan_case_of(*crossing, options_.seed, number, asking, scarce);
  if (!plan) coverage_.undrawn(*crossing);
  return plan;
}

// Every second one is causal, with as many keys as rows.
std::optional<GenContext> Planner::tall_context(std::int64_t number, GenContext context) const {
  if (!is_due(number, options_.planned, options_.tall_cases, 0)) return std::nullopt;
  const bool square = number * options_.tall_cases / options_.planned % 2 == 0;
  context.shape_kind = square ? ShapeKind::many_rows_and_keys : ShapeKind::many_rows;
  context.known_share = 0;
  context.plain = context.alone = 0;
  context.set(Feature::nothing, 0);
  if (square) {
    const double top_left = context.of(Feature::causal_top_left) > 0 ? 0.4 : 0;
    context.set(Feature::causal_top_left, top_left);
    context.set(Feature::causal_bottom_right, 1);
  }
  // A score tensor of its own for each row and key would take as much memory as the check may.
  for (const Feature f : {Feature::bias, Feature::mask}) context.set(f, 0);
  return context;
}

// The mask has rows of its own, several of them, or nothing reaches far.
std::optional<GenContext> Planner::far_context(std::int64_t number, GenContext context) const {
  if (!is_due(number, options_.planned, options_.far_cases, 1)) return std::nullopt;
  if (context.of(Feature::mask) == 0 || context.of(Feature::far_offsets) == 0) return std::nullopt;
  context.far_target = FarTarget::mask_rows;
  context.known_share = 0;
  context.plain = context.alone = 0;
  context.large_share = 0;
  for (const Feature f : {Feature::mask, Feature::far_offsets}) context.set(f, 1);
  for (const Feature f :
       {Feature::nothing, Feature::broadcast, Feature::strided_scores, Feature::single_query})
    context.set(f, 0);
  return context;
}

CasePlan Planner::plan(std::int64_t number) {
  const GenContext context = context_();
  const Laws scarce = turns_.below(number / kCasesOfALaw);
  if (const auto tall = tall_context(number, context)) return plan_case(options_.seed, number, *tall, scarce);
  if (const auto far = far_context(number, context)) return plan_case(options_.seed, number, *far, scarce);
  if (is_due(number, options_.planned, options_.nan_cases, 2))
    return plan_nan_case(options_.seed, number, context, scarce);
  if (number % kAskedEvery == kAskedEvery / 2) {
    if (auto plan = plan_crossing(number, context, scarce)) return std::move(*plan);
  }
  if (number % kAskedEvery == 0 && context.region != nullptr) {
    if (const auto rarity = coverage_.rarest(*context.region, kRarest))
      return plan_case(options_.seed, number, Coverage::asking_for(*rarity, context), scarce);
  }
  return plan_case(options_.seed, number, context, scarce);
}

// Crossings that come by themselves are left to chance as long as they keep pace; after three quarters of the
// campaign all that is wanted is due.
std::int64_t Planner::due(std::int64_t number) const {
  const std::int64_t wanted = options_.crossing_cases;
  return std::min(wanted, (4 * wanted * number + 3 * options_.planned - 1) / (3 * options_.planned));
}

void Planner::announce(const CasePlan& plan, bool judged, std::vector<Problem>& problems) {
  if (!judged) {
    problems.push_back(plan.problem);
    return;
  }
  const auto add = [&](const Problem& problem, const std::vector<const laws::Law*>& laws) {
    problems.push_back(problem);
    const oracle::ContractSet& contract = checker_.contract(problem);
    for (const laws::Law* law : laws) {
      if (law->calls == nullptr || !law->why_not(problem, contract).empty()) continue;
      for (laws::Call& call : law->calls(problem, contract)) {
        if (checker_.asks(problem, call.problem)) problems.push_back(std::move(call.problem));
      }
    }
  };
  add(plan.problem, plan.laws);
  for (const PreparedLaw& prepared : plan.prepared) add(prepared.problem, {prepared.law});
}

}  // namespace attest::check
