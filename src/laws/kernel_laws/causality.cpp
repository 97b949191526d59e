// Changing k or v of keys that a row does not see changes nothing in that row, though other rows see them.
//
// Bit for bit while a row's shift is the maximum of its own scores. Under a lazy rescale (tau > 0) a kernel
// may decide for a whole tile of rows, so that correct rows differ in last bits: then the certified bound.

#include <algorithm>

#include "laws/catalogue.hpp"
#include "laws/inputs/key_visibility.hpp"
#include "laws/inputs/replaced_keys.hpp"
#include "laws/relations/two_runs.hpp"
#include "numerics/random_value.hpp"
#include "oracle/contract/exactness.hpp"
#include "oracle/definition/visible.hpp"

namespace attest::laws {
namespace {

bool some_row_misses(const Problem& p, std::int64_t b, std::int64_t g, std::int64_t j) {
  const std::int64_t group = p.q_heads() / p.kv_heads();
  for (std::int64_t h = g * group; h < (g + 1) * group; ++h) {
    for (std::int64_t i = 0; i < p.q_len(); ++i) {
      if (!oracle::visible(p, b, h, i, j)) return true;
    }
  }
  return false;
}

// One key a group that some row sees and another does not; none where there is none.
std::vector<KeyAt> chosen_keys(const Problem& p) {
  std::vector<KeyAt> chosen;
  for (std::int64_t b = 0; b < p.batch(); ++b) {
    for (std::int64_t g = 0; g < p.kv_heads(); ++g) {
      const std::vector<bool> seen = seen_keys(p, b, g);
      const std::int64_t start =
          random_below(static_cast<std::uint64_t>(b * 64 + g + p.kv_len()), p.kv_len());
      for (std::int64_t n = 0; n < p.kv_len(); ++n) {
        const std::int64_t j = (start + n) % p.kv_len();
        if (!seen[static_cast<std::size_t>(j)] || !some_row_misses(p, b, g, j)) continue;
        chosen.push_back({b, g, j});
        break;
      }
    }
  }
  return chosen;
}

std::vector<KeyAt> from_there_on(const Problem& p, const std::vector<KeyAt>& chosen) {
  std::vector<KeyAt> keys;
  for (const KeyAt& at : chosen) {
    for (std::int64_t j = at.key; j < p.kv_len(); ++j) keys.push_back({at.b, at.kv_head, j});
  }
  return keys;
}

// Places in rows that see none of the keys.
PlaceMap blind_rows(const Problem& p, const std::vector<KeyAt>& keys) {
  const std::int64_t kv_heads = p.kv_heads();
  const std::int64_t n = p.kv_len();
  std::vector<bool> changed(static_cast<std::size_t>(p.batch() * kv_heads * n), false);
  for (const KeyAt& at : keys) {
    changed[static_cast<std::size_t>((at.b * kv_heads + at.kv_head) * n + at.key)] = true;
  }
  std::vector<bool> blind = rows_seeing_none_of(p, [&](std::int64_t b, std::int64_t g, std::int64_t j) {
    return changed[static_cast<std::size_t>((b * kv_heads + g) * n + j)];
  });
  return [blind = std::move(blind), heads = p.q_heads(),
          rows = p.q_len()](const Place& at) -> std::optional<Place> {
    if (!blind[static_cast<std::size_t>((at.b * heads + at.h) * rows + at.i)]) return std::nullopt;
    return at;
  };
}

std::string why_not(const Problem& p, const oracle::ContractSet&) {
  if (p.batch() * p.q_len() * p.kv_len() == 0) return "there is no row or no key";
  if (shares_storage(p.k) || shares_storage(p.v)) return "keys or values share storage";
  return chosen_keys(p).empty() ? "no key is seen by one row and hidden from another" : "";
}

std::vector<Call> calls(const Problem& p, const oracle::ContractSet& contract) {
  const std::vector<KeyAt> one = chosen_keys(p);
  const std::vector<KeyAt> tail = from_there_on(p, one);
  std::vector<Call> made{
      {"dominating logits in a key that the row does not see", with_dominating(p, contract, one)},
      {"other values in keys that the row does not see", with_ordinary(p, contract, tail)},
      {"large values in keys that the row does not see", with_large(p, contract, tail)}};
  made[0].counterpart = blind_rows(p, one);
  made[1].counterpart = made[2].counterpart = blind_rows(p, tail);
  return made;
}

Relation relate(Subject& subject, const std::vector<Call>& made, const CallResults& results) {
  return relate_bits_if(oracle::shifts_are_own(subject.contract()), subject, made, results);
}

}  // namespace

Law causality_law() {
  return {.id = LawId::causality,
          .on_kernels = "bit for bit when tau = 0, else certified bound",
          .why_not = why_not,
          .calls = calls,
          .relate = relate,
          .share = 0.15};
}

}  // namespace attest::laws
