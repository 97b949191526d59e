// Whether a contract applies to a kernel.
#pragma once

#include <string>

namespace attest::check {

class Region;

/// Empty if the contract's presets fit a pair of dtypes that the kernel accepts, or if it accepts none.
/// Otherwise the dtypes that it accepts, with the presets that fit them: "f32 (preset f32), bf16 (preset
/// flash-bf16 | unfused-bf16)". Throws ContractError for a contract that does not parse.
std::string why_contract_fits_nothing(const Region& region, const std::string& contract);

}  // namespace attest::check
