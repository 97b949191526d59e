#include "check/infer/infer.hpp"

#include <tuple>

#include <fmt/format.h>

#include "check/campaign/campaign.hpp"
#include "oracle/contract/contract.hpp"

namespace attest::check {
namespace {

std::optional<std::pair<DType, DType>> dtypes_of(kernel::Kernel& kernel, const InferOptions& options) {
  std::vector<std::pair<DType, DType>> tried{{DType::f32, DType::f32},
                                             {DType::f32, DType::f16},
                                             {DType::f16, DType::f16},
                                             {DType::bf16, DType::bf16},
                                             {DType::f64, DType::f64}};
  if (options.dtype) tried = {{*options.dtype, *options.dtype}};
  for (const auto& [q, kv] : tried) {
    ProbeKernel probe(kernel, q, kv, options.time_limit);
    if (probe.ask({0, 0}, {{1, 1}})) return std::pair(q, kv);
  }
  return std::nullopt;
}

// The preset that fits, with the fields in which the kernel differs from it.
std::string contract_of(const ContractInference& inference) {
  const oracle::Contract preset = oracle::contract_for("", inference.q, inference.kv).alternatives.front();
  std::string fields;
  for (const InferredField& field : inference.fields) {
    if (!field.value) continue;
    fields += fmt::format("{}{}={}", fields.empty() ? "" : ";", field.field, *field.value);
    // One split has nothing to merge.
    if (field.field == "merge" && *field.value != "state") fields += ";splits=8";
  }
  const std::string differences = oracle::differences(oracle::with_fields(preset, fields), preset);
  return preset.text + (differences.empty() ? "" : ";" + differences);
}

KernelReport campaign_under(kernel::Kernel& kernel, const ContractInference& inference,
                            const InferOptions& options) {
  CampaignOptions campaign;
  campaign.cases = options.cases;
  campaign.seed = options.seed;
  campaign.contract = inference.contract;
  if (inference.q == inference.kv) campaign.dtype = inference.q;
  campaign.time_limit = options.time_limit;
  return run_campaign(kernel, campaign);
}

// Fields that a finding asks for count if the kernel conforms with them: what is wrong may also be within the
// bound of much coarser arithmetic.
void add_needed_fields(kernel::Kernel& kernel, const InferOptions& options, ContractInference& inference) {
  for (const Finding& finding : inference.confirmed->findings) {
    const std::string& fields = finding.would_conform_under;
    if (fields.empty()) continue;
    ContractInference more = inference;
    more.contract += ";" + fields;
    more.fields.push_back(
        {.probe = "campaign", .field = "several", .value = fields, .evidence = finding.summary});
    more.confirmed = campaign_under(kernel, more, options);
    if (more.confirmed->verdict == Verdict::conforming) inference = std::move(more);
    return;
  }
}

}  // namespace

ContractInference infer_contract(kernel::Kernel& kernel, const InferOptions& options) {
  ContractInference inference;
  const auto dtypes = dtypes_of(kernel, options);
  if (!dtypes) return inference;
  inference.answered = true;
  std::tie(inference.q, inference.kv) = *dtypes;
  ProbeKernel probe_kernel(kernel, inference.q, inference.kv, options.time_limit);
  Known known;
  for (const Probe& probe : probes()) {
    ProbeResult result = probe.run(probe_kernel, known);
    inference.fields.push_back(
        {probe.name, probe.field, std::move(result.value), std::move(result.evidence)});
  }
  inference.contract = contract_of(inference);
  if (options.cases == 0) return inference;
  inference.confirmed = campaign_under(kernel, inference, options);
  add_needed_fields(kernel, options, inference);
  return inference;
}

}  // namespace attest::check
