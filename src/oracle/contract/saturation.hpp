// How many keys a contract's own accumulators can count.
#pragma once

#include <cstdint>
#include <optional>

#include "oracle/contract/contract.hpp"

namespace attest::oracle {

/// Keys of equal weight beyond which no kernel that keeps the contract can be right, as the numerator or the
/// denominator stops growing or overflows: b * splits * 2^p for sums whose tiles follow each other (theorem
/// saturation-tiles), b being key_block rounded up to a power of two, 1 for a sum that grows key by key; and
/// the largest finite number in any order. None beyond 2^62.
std::optional<std::int64_t> saturation_keys(const Contract& contract);

/// The largest of the alternatives', as a kernel may keep any of them.
std::optional<std::int64_t> saturation_keys(const ContractSet& contract);

}  // namespace attest::oracle
