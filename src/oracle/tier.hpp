// The tiers of reference arithmetic, from the cheapest to the sharpest.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace attest::oracle {

/// Which reference tier decided a row.
enum class Tier : std::uint8_t { exact, f64, double_double, interval };
constexpr std::size_t kTiers = 4;
using RowsByTier = std::array<std::int64_t, kTiers>;  ///< indexed by Tier
/// "exact", "f64", "double-double", "interval".
std::string_view name_of(Tier tier);

}  // namespace attest::oracle
