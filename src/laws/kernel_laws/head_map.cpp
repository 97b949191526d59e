// Each query head reads the keys and values of its own group and batch only.
//
// All others are replaced, by ordinary values and by dominating logits with a tag: the heads of the group
// keep every bit. A map of heads that is wrong for some group counts only (h % kv_heads, group and kv_heads
// confused, a batch stride forgotten) shows at the first head that reads elsewhere.

#include "laws/catalogue.hpp"
#include "laws/inputs/key_visibility.hpp"
#include "laws/inputs/replaced_keys.hpp"
#include "laws/relations/two_runs.hpp"
#include "numerics/random_value.hpp"

namespace attest::laws {
namespace {

std::string why_not(const Problem& p, const oracle::ContractSet&) {
  if (p.batch() * p.q_len() * p.kv_len() == 0) return "there is no row or no key";
  if (shares_storage(p.k) || shares_storage(p.v)) return "keys or values share storage";
  return p.batch() * p.kv_heads() < 2 ? "there is one key/value head and one batch" : "";
}

std::vector<Call> calls(const Problem& p, const oracle::ContractSet& contract) {
  const std::int64_t heads = p.batch() * p.kv_heads();
  const std::int64_t kept = random_below(static_cast<std::uint64_t>(p.q_heads() * 5 + p.q_len()), heads);
  std::vector<KeyAt> others;
  for (std::int64_t head = 0; head < heads; ++head) {
    for (std::int64_t j = 0; j < p.kv_len() && head != kept; ++j) {
      others.push_back({head / p.kv_heads(), head % p.kv_heads(), j});
    }
  }
  std::vector<Call> made{
      {"other keys and values in the other heads and batches", with_ordinary(p, contract, others)},
      {"dominating logits in the other heads and batches", with_dominating(p, contract, others)}};
  for (Call& call : made) {
    call.counterpart = [kept, kv_heads = p.kv_heads(),
                        group = p.q_heads() / p.kv_heads()](const Place& at) -> std::optional<Place> {
      if (at.b * kv_heads + at.h / group != kept) return std::nullopt;
      return at;
    };
  }
  return made;
}

}  // namespace

Law head_map_law() {
  return {.id = LawId::head_map,
          .on_kernels = "bit for bit",
          .why_not = why_not,
          .calls = calls,
          .relate = relate_bits,
          .share = 0.15};
}

}  // namespace attest::laws
