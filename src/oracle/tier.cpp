#include "oracle/tier.hpp"

namespace attest::oracle {

std::string_view name_of(Tier tier) {
  constexpr std::array<std::string_view, kTiers> names{"exact", "f64", "double-double", "interval"};
  return names[static_cast<std::size_t>(tier)];
}

}  // namespace attest::oracle
