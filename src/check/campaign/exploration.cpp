#include "check/campaign/exploration.hpp"

#include <algorithm>

#include "check/campaign/effort.hpp"

namespace attest::check {
namespace {

constexpr std::int64_t kExploringCalls = 900;

}  // namespace

GenContext base_context(const kernel::Kernel& kernel, const std::string& contract,
                        const CampaignOptions& options) {
  GenContext context;
  if (!kernel.takes_layouts()) {
    for (const Feature f : {Feature::strided_out, Feature::shared_address, Feature::far_offsets})
      context.set(f, 0);
  }
  context.contract = contract;
  context.longest_row = size_of(options.effort).longest_row;
  if (!options.dtype) return context;
  context.set(Feature::mixed_dtypes, 0);
  context.set(Feature::f64, *options.dtype == DType::f64 ? 1 : 0);
  context.set(Feature::f32, *options.dtype == DType::f32 ? 1 : 0);
  context.set(Feature::f16, *options.dtype == DType::f16 ? 1 : 0);
  context.set(Feature::bf16, *options.dtype == DType::bf16 ? 1 : 0);
  return context;
}

ExploreOptions exploring_of(const kernel::Kernel& kernel, const CampaignOptions& options) {
  ExploreOptions exploring;
  if (options.dtype) exploring.dtypes = {{*options.dtype, *options.dtype}};
  exploring.lean = kernel.starts_for_each_call();
  exploring.layouts = kernel.takes_layouts();
  return exploring;
}

Prober prober_of(kernel::Kernel& kernel, const std::string& contract, const CampaignOptions& options) {
  Prober::Limits limits;
  limits.calls = kExploringCalls;
  limits.call = std::min(limits.call, options.time_limit);
  return {kernel, base_context(kernel, contract, options), limits};
}

std::shared_ptr<const Region> explore_kernel(kernel::Kernel& kernel, const CampaignOptions& options) {
  const std::string& contract = options.contract.empty() ? kernel.info().contract : options.contract;
  Prober prober = prober_of(kernel, contract, options);
  const auto region = std::make_shared<const Region>(explore(prober, exploring_of(kernel, options)));
  kernel.forget();
  return region;
}

}  // namespace attest::check
