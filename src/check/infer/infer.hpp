// Infers a kernel's contract from what it returns.
#pragma once

#include <string>
#include <vector>

#include "check/infer/probe.hpp"
#include "check/record/kernel_report.hpp"

namespace attest::check {

struct InferredField {
  std::string_view probe, field;
  std::optional<std::string> value;  ///< none: unknown
  std::string evidence;
};

struct InferOptions {
  std::optional<DType> dtype;  ///< of q, k and v; none: the first of f32, f16, bf16 and f64 that is accepted
  std::uint64_t seed = 1;
  std::int64_t cases = 200;  ///< of the campaign that confirms the contract; 0: none
  std::chrono::milliseconds time_limit{10'000};
};

struct ContractInference {
  DType q = DType::f32, kv = DType::f32;
  bool answered = false;  ///< the kernel took a probe at all
  std::vector<InferredField> fields;
  std::string contract;  ///< as --contract takes it: the preset, and the fields that differ from it
  std::optional<KernelReport> confirmed;  ///< the campaign under this contract
};

/// Runs every probe, and a campaign under the contract that follows. If the kernel conforms with the fields
/// that a finding asks for (would_conform_under), they are added.
ContractInference infer_contract(kernel::Kernel& kernel, const InferOptions& options);

}  // namespace attest::check
