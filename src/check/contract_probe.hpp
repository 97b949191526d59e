// Whether a contract says anything about a kernel.
#pragma once

#include <chrono>
#include <string>

#include "kernel/kernel.hpp"

namespace attest {

/// Puts a small plain problem of each dtype to the kernel. Empty when the contract's presets fit one of those
/// that it answered, or when it answered none; else which dtypes it takes, and the presets that fit them:
/// "f32 (preset f32), bf16 (preset flash-bf16 | unfused-bf16)". Leaves the kernel as if it had not been
/// called. Throws ContractError for a contract that does not parse.
std::string why_contract_fits_nothing(Kernel& kernel, const std::string& contract,
                                      std::chrono::milliseconds time_limit);

}  // namespace attest
