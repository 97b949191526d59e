// Tier 2 of one row: the double-double tier's results beside what f64 knows of the keys.
#include <utility>

#include "oracle/double_double/row_by_keys.hpp"
#include "oracle/double_double/tier.hpp"
#include "oracle/tiers/references.hpp"

namespace attest::oracle {

namespace {

std::optional<RowFacts> facts_with(const Row& row, SharpRow sharp) {
  if (!sharp.usable) return std::nullopt;
  RowFacts facts = facts_of_keys(row);
  facts.tier = Tier::double_double;
  facts.out = std::move(sharp.out);
  facts.lse = sharp.lse;
  return facts;
}

}  // namespace

std::optional<RowFacts> reference_double_double(const Row& row) { return facts_with(row, dd::sharpen(row)); }

std::optional<RowFacts> reference_by_keys(const Row& row) {
  return facts_with(row, dd::sharpen_by_keys(row));
}

}  // namespace attest::oracle
