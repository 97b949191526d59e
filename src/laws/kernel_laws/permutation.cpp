// Without causality and positional terms, the order of the keys does not matter.
//
// What it adds to "definition": every key meets every place of a tile, the maximum comes early and late, and
// the tail holds other keys.

#include <algorithm>

#include "laws/catalogue.hpp"
#include "laws/inputs/edit.hpp"
#include "laws/inputs/key_visibility.hpp"
#include "laws/relations/two_runs.hpp"

namespace attest::laws {
namespace {

std::string why_not(const Problem& p, const oracle::ContractSet&) {
  if (positional(p)) return "positions count";
  if (p.kv_lens) return "lengths count";
  return p.kv_len() < 2 || p.batch() * p.q_len() == 0 ? "there are fewer than two keys, or no row" : "";
}

std::vector<Call> calls(const Problem& p, const oracle::ContractSet&) {
  std::vector<std::int64_t> keys = first_indices(p.kv_len());
  std::reverse(keys.begin(), keys.end());
  std::vector<Call> made{{"the keys in reverse", with_keys(p, keys)}};
  std::rotate(keys.begin(), keys.begin() + 1, keys.end());
  if (p.kv_len() > 2) made.push_back({"the keys in reverse, the last in front", with_keys(p, keys)});
  return made;
}

}  // namespace

Law permutation_law() {
  return {.id = LawId::permutation,
          .on_kernels = "certified bound",
          .why_not = why_not,
          .calls = calls,
          .relate = relate_within_bounds,
          .share = 0.15};
}

}  // namespace attest::laws
