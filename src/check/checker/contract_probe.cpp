#include "check/checker/contract_probe.hpp"

#include <fmt/format.h>

#include "check/region/region.hpp"
#include "oracle/contract/contract.hpp"

namespace attest::check {

std::string why_contract_fits_nothing(const Region& region, const std::string& contract) {
  oracle::contract_for(contract, DType::f32, DType::f32);  // whatever the kernel takes, it has to parse
  std::string taken;
  for (const DTypePair& dtypes : all_dtypes()) {
    if (region.decided(dtypes) != Region::Decided::accepted) continue;
    const auto [q, kv] = dtypes;
    if (oracle::contract_for(contract, q, kv).declared) return "";
    taken += fmt::format("{}{} (preset {})", taken.empty() ? "" : ", ", name_of(dtypes),
                         oracle::contract_for("", q, kv).text);
  }
  return taken;
}

}  // namespace attest::check
