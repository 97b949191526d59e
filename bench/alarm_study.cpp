#include "alarm_study.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <rapidcheck/Random.h>
#include <rapidcheck/Shrinkable.h>

#include "check/campaign/exploration.hpp"
#include "check/generate/families.hpp"
#include "check/region/region.hpp"
#include "numerics/random_value.hpp"
#include "oracle/contract/questions.hpp"
#include "oracle/noise/alarm.hpp"
#include "problem/kv_storage.hpp"

namespace attest::bench {
namespace {

constexpr std::array<oracle::Bias, 3> kBiases{oracle::Bias::out, oracle::Bias::outward, oracle::Bias::lse};
constexpr oracle::RowSample kRows{16, 1};    // of each problem, as a campaign measures
constexpr std::int64_t kFewestOutputs = 16;  // that a problem has on average

std::vector<const check::Family*> generic_families() {
  std::vector<const check::Family*> turns;
  for (const check::Family& family : check::families()) {
    if (family.generic) turns.insert(turns.end(), static_cast<std::size_t>(family.share), &family);
  }
  return turns;
}

// Draws the problems of one seed and gives the alarm what the kernel makes of them.
class SeedReader {
 public:
  SeedReader(kernel::Kernel& kernel, check::GenContext context, std::uint64_t seed)
      : kernel_(kernel), context_(std::move(context)), seed_(seed) {}

  void read(std::int64_t outputs, AlarmReading& reading) {
    const std::vector<const check::Family*> turns = generic_families();
    for (std::int64_t i = 0; alarm_.outputs() < outputs && i * kFewestOutputs < outputs; ++i)
      measure(*turns[static_cast<std::size_t>(i) % turns.size()], i, reading);
    reading.problems += alarm_.problems();
    reading.outputs += alarm_.outputs();
    if (alarm_.largest()) reading.largest = std::max(reading.largest, alarm_.largest()->sigmas);
    const double threshold = alarm_.output_threshold();
    if (reading.least_threshold == 0 || threshold < reading.least_threshold)
      reading.least_threshold = threshold;
    for (std::size_t k = 0; k < kBiases.size(); ++k) {
      const double bias = alarm_.bias(kBiases[k]);
      if (std::fabs(bias) > std::fabs(reading.biases[k])) reading.biases[k] = bias;
    }
    for (const std::string& why : alarm_.suspicions())
      reading.suspicions.push_back(fmt::format("seed {}: {}", seed_, why));
  }

 private:
  void measure(const check::Family& family, std::int64_t number, AlarmReading& reading) {
    const rc::Random random(mixed(seed_) ^ mixed(static_cast<std::uint64_t>(number) + 0xa1a2));
    Problem problem = check::problems(family, context_)(random).value();
    // Values that are the keys as well are no noise to the scores.
    if (v_lies_in_k(problem) || k_lies_in_q(problem)) return;
    const oracle::ContractSet contract =
        oracle::contract_for(context_.contract, problem.q.dtype(), problem.k.dtype());
    problem = stored(std::move(problem), oracle::kv_storage(contract));
    const kernel::RunOutcome outcome = kernel_.run(problem, {});
    if (outcome.status != kernel::RunStatus::ok) {
      ++reading.declined;
      return;
    }
    alarm_.add(oracle::measure_noise(problem, outcome.result, contract, kRows), describe(problem));
  }

  kernel::Kernel& kernel_;
  check::GenContext context_;
  std::uint64_t seed_;
  oracle::Alarm alarm_;
};

}  // namespace

AlarmReading read_alarm(kernel::Kernel& kernel, std::optional<DType> dtype,
                        const AlarmStudyOptions& options) {
  check::CampaignOptions campaign;
  campaign.dtype = dtype;
  check::GenContext context = check::base_context(kernel, kernel.info().contract, campaign);
  context.region = check::explore_kernel(kernel, campaign);
  // An outsized problem has no more rows that are measured, and costs what a hundred others do.
  context.large_share = context.outsized_share = 0;
  AlarmReading reading;
  reading.kernel = kernel.info().name;
  reading.dtype = dtype ? std::string(name_of(*dtype)) : "all";
  for (std::int64_t s = 0; s < options.seeds; ++s) {
    SeedReader seed(kernel, context, options.first_seed + static_cast<std::uint64_t>(s));
    seed.read(options.outputs / options.seeds, reading);
  }
  return reading;
}

std::string alarm_header() {
  return "| kernel | dtype | problems | outputs | largest (alarm) | bias out, outward, lse | alarms |\n"
         "|---|---|---|---|---|---|---|\n";
}

std::string alarm_row(const AlarmReading& r) {
  return fmt::format("| {} | {} | {} | {} | {:.2f} ({:.1f}) | {:.1f}, {:.1f}, {:.1f} | {} |", r.kernel,
                     r.dtype, r.problems, r.outputs, r.largest, r.least_threshold, r.biases[0], r.biases[1],
                     r.biases[2], r.suspicions.size());
}

}  // namespace attest::bench
