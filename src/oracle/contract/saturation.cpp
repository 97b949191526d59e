#include "oracle/contract/saturation.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace attest::oracle {
namespace {

constexpr double kMost = 0x1p62;  // no limit that anyone meets

// Keys of weight and value 1 that a sum can count.
double limit_of(const Sum& sum, const Contract& contract) {
  const double finite = sum.format.max_finite();
  if (sum.order == Order::any) return finite;
  // A step adds at most a tile, or what a block-FMA unit adds at once. A sum B + b rounds to B where b is a
  // power of two and B = b * 2^p; a smaller b is absorbed as well.
  const auto step = static_cast<unsigned>(std::max(contract.key_block, sum.width));
  const double stays = std::ldexp(static_cast<double>(std::bit_ceil(step)), sum.format.precision);
  return std::min(finite, stays * contract.splits);
}

}  // namespace

std::optional<std::int64_t> saturation_keys(const Contract& contract) {
  const double limit =
      std::min(limit_of(contract.numerator, contract), limit_of(contract.denominator, contract));
  if (limit > kMost) return std::nullopt;
  return static_cast<std::int64_t>(limit);
}

std::optional<std::int64_t> saturation_keys(const ContractSet& contract) {
  std::optional<std::int64_t> most;
  for (const Contract& alternative : contract.alternatives) {
    const std::optional<std::int64_t> limit = saturation_keys(alternative);
    if (!limit) return std::nullopt;
    most = std::max(most.value_or(0), *limit);
  }
  return most;
}

}  // namespace attest::oracle
