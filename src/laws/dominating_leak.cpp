// Keys that a row does not see, given the largest logit of that row and a tagged value, stay without effect.
//
// What it adds to "definition": a leak of one key among n moves a random row by 1/n; here it replaces the
// row's output by the tag, for any problem that hides anything, at the edge of the mask as well as far behind
// it.

#include "laws/catalogue.hpp"
#include "laws/disturb.hpp"
#include "laws/seen.hpp"
#include "laws/two_runs.hpp"
#include "numerics/random_value.hpp"
#include "oracle/visible.hpp"

namespace attest {
namespace {

std::vector<KeyAt> hidden_keys(const Problem& p, std::int64_t b, std::int64_t h, std::int64_t i) {
  std::vector<KeyAt> hidden;
  for (std::int64_t j = 0; j < p.kv_len(); ++j) {
    if (!visible(p, b, h, i, j)) hidden.push_back({b, kv_head_of(p, h), j});
  }
  return hidden;
}

// The hidden keys of one row a key/value head, the first after a random one that has both kinds.
std::vector<KeyAt> chosen_keys(const Problem& p) {
  std::vector<KeyAt> chosen;
  const std::int64_t group = p.q_heads() / p.kv_heads();
  for (std::int64_t b = 0; b < p.batch(); ++b) {
    for (std::int64_t g = 0; g < p.kv_heads(); ++g) {
      const auto seed = static_cast<std::uint64_t>(p.q_len() * 31 + b * 7 + g);
      const std::int64_t h = g * group + random_below(seed, group);
      const std::int64_t start = random_below(seed + 1, p.q_len());
      for (std::int64_t n = 0; n < p.q_len(); ++n) {
        const std::vector<KeyAt> hidden = hidden_keys(p, b, h, (start + n) % p.q_len());
        if (hidden.empty() || static_cast<std::int64_t>(hidden.size()) == p.kv_len()) continue;
        chosen.insert(chosen.end(), hidden.begin(), hidden.end());
        break;
      }
    }
  }
  return chosen;
}

std::string why_not(const Problem& p, const ContractSet&) {
  if (p.batch() * p.q_len() * p.kv_len() == 0) return "there is no row or no key";
  if (shares_storage(p.k) || shares_storage(p.v)) return "keys or values share storage";
  return chosen_keys(p).empty() ? "no row sees one key and not another" : "";
}

std::vector<Call> calls(const Problem& p, const ContractSet& contract) {
  Call call{"dominating logits in keys that a row does not see",
            with_dominating(p, contract, chosen_keys(p))};
  call.same_number = false;  // rows that see these keys give something else
  return {std::move(call)};
}

}  // namespace

Law dominating_leak_law() {
  return {"dominating leak",
          "hidden keys with the largest logit and a tagged value leave the row where it is",
          "certified bound",
          why_not,
          nullptr,
          calls,
          relate_within_bounds,
          0.2};
}

}  // namespace attest
