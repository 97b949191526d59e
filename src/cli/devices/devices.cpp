#include "cli/devices/devices.hpp"

#include <algorithm>

#include "kernel/kernel_spec.hpp"
#include "kernel/opencl_spec.hpp"
#include "kernel/unavailable.hpp"

namespace attest::cli {
namespace {

// A race depends on the code that runs and hardly on values: each path of a kernel is in some of these.
constexpr std::int64_t kSimulatedCases = 40;
constexpr double kSimulatedSeconds = 600;
constexpr std::chrono::milliseconds kSimulatedCall{60'000};

}  // namespace

void leave_out_unavailable(std::vector<std::string>& specs,
                           std::vector<kernel::UnavailableVariant>& missing) {
  const auto is_missing = [&](const std::string& spec) {
    if (!kernel::computes_on_device(spec)) return false;
    try {
      kernel::open_kernel(spec);
      return false;
    } catch (const kernel::KernelUnavailable& error) {
      missing.push_back({spec, error.why});
      return true;
    }
  };
  specs.erase(std::remove_if(specs.begin(), specs.end(), is_missing), specs.end());
}

std::vector<std::string> under_oclgrind(const std::vector<std::string>& specs) {
  std::vector<std::string> simulated;
  for (const std::string& spec : specs) {
    auto opencl = kernel::opencl_of_spec(spec);
    if (!opencl || opencl->races) continue;
    opencl->races = true;
    simulated.push_back(kernel::text_of_spec(*opencl));
  }
  return simulated;
}

check::CampaignOptions simulated(check::CampaignOptions options) {
  options.cases = std::min(options.cases.value_or(kSimulatedCases), kSimulatedCases);
  options.budget_seconds = options.budget_seconds.value_or(kSimulatedSeconds);
  options.time_limit = std::max(options.time_limit, kSimulatedCall);
  return options;
}

}  // namespace attest::cli
