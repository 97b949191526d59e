// Tier 2 of one row: the double-double tier's result beside what f64 knows of the keys.
#include <utility>

#include "oracle/double_double/tier.hpp"
#include "oracle/tiers/references.hpp"

namespace attest::oracle {

std::optional<RowFacts> reference_double_double(const Row& row) {
  SharpRow sharp = dd::sharpen(row);
  if (!sharp.usable) return std::nullopt;
  RowFacts facts = facts_of_keys(row);
  facts.tier = Tier::double_double;
  facts.out = std::move(sharp.out);
  facts.lse = sharp.lse;
  return facts;
}

}  // namespace attest::oracle
