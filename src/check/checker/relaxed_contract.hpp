// A contract with some fields relaxed.
#pragma once

#include <string>
#include <string_view>

#include "oracle/contract/contract.hpp"

namespace attest::check {

/// Every alternative with these fields changed: "splits=8;merge=lse". The text is what --contract takes.
/// Throws ContractError.
oracle::ContractSet relaxed(const oracle::ContractSet& contract, std::string_view fields);

}  // namespace attest::check
