#include "check/campaign/effort.hpp"

#include <algorithm>
#include <array>

namespace attest::check {
namespace {

// A fault that one case of a crossing in three shows goes unseen in 6 of them once in 11 campaigns.
constexpr std::array<EffortSize, 3> kEfforts{{
    {"quick", 600, 10, (1 << 13) + 4, 0, 0, 0, 0, 0, 0},
    {"ci", 2000, 60, (1 << 16) + 4, 6, 0, 8, 24, 32, 4},
    {"deep", 40'000, 600, (1 << 16) + 4, 32, 10'000, 64, 200, 400, 40},
}};

// Threads that wait for each other take several times as long, and what only they can get wrong is in every
// case.
constexpr std::int64_t kThreadedCost = 5;
// One case in so many of the effort's must be answered for a verdict.
constexpr std::int64_t kNeededShare = 4;
// No clock ends an effort before this many times what it usually takes.
constexpr double kPatience = 6;

std::chrono::milliseconds call_limit(std::chrono::milliseconds wanted, double budget_seconds) {
  const auto share =
      std::chrono::milliseconds(static_cast<std::int64_t>(1000 * std::clamp(budget_seconds / 4, 1.0, 1e6)));
  return std::min(wanted, share);
}

}  // namespace

const EffortSize& size_of(Effort effort) { return kEfforts.at(static_cast<std::size_t>(effort)); }

std::string_view name_of(Effort effort) { return size_of(effort).name; }

std::optional<Effort> effort_from_name(std::string_view name) {
  for (std::size_t i = 0; i < kEfforts.size(); ++i) {
    if (kEfforts[i].name == name) return static_cast<Effort>(i);
  }
  return std::nullopt;
}

CampaignSize campaign_size(const CampaignOptions& options, int kernel_threads) {
  const EffortSize& effort = size_of(options.effort);
  const std::int64_t usual = effort.cases / (kernel_threads > 1 ? kThreadedCost : 1);
  CampaignSize size;
  size.planned = options.cases.value_or(usual);
  size.needed = options.cases ? std::min(kFewCases, *options.cases) : usual / kNeededShare;
  size.crossing_cases = options.crossing_cases.value_or(effort.crossing_cases);
  size.tall_cases = options.cases ? 0 : effort.tall_cases;
  // The share that the effort has of them, so that a short campaign is not made of them.
  size.far_cases = effort.far_cases * size.planned / effort.cases;
  size.nan_cases = effort.nan_cases * size.planned / effort.cases;
  size.identical_calls = effort.identical_calls;
  size.longest_row = effort.longest_row;
  size.budget_seconds = options.budget_seconds.value_or(kPatience * effort.seconds);
  size.call_limit = call_limit(options.time_limit, size.budget_seconds);
  return size;
}

}  // namespace attest::check
