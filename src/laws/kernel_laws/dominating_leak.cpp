// Keys that a row does not see, given the largest logit of that row and a tagged value, stay without effect.
//
// What it adds to "definition": a leak of one key among n moves a random row by 1/n; here it replaces the
// row's output by the tag, for any problem that hides anything, at the edge of the mask as well as far behind
// it.

#include "laws/catalogue.hpp"
#include "laws/inputs/key_visibility.hpp"
#include "laws/inputs/replaced_keys.hpp"
#include "laws/relations/two_runs.hpp"
#include "numerics/random_value.hpp"
#include "oracle/definition/visible.hpp"

namespace attest::laws {
namespace {

std::vector<KeyAt> hidden_keys(const Problem& p, std::int64_t b, std::int64_t h, std::int64_t i) {
  std::vector<KeyAt> hidden;
  for (std::int64_t j = 0; j < p.kv_len(); ++j) {
    if (!oracle::visible(p, b, h, i, j)) hidden.push_back({b, oracle::kv_head_of(p, h), j});
  }
  return hidden;
}

bool sees_some_but_not_all(const Problem& p, const RowAt& row) {
  const auto hidden = static_cast<std::int64_t>(hidden_keys(p, row.b, row.h, row.i).size());
  return hidden > 0 && hidden < p.kv_len();
}

// One row a key/value head, the first that qualifies: of all, or after a random one.
std::vector<RowAt> chosen_rows(const Problem& p, bool first_of_all) {
  std::vector<RowAt> chosen;
  const std::int64_t group = p.q_heads() / p.kv_heads();
  for (std::int64_t b = 0; b < p.batch(); ++b) {
    for (std::int64_t g = 0; g < p.kv_heads(); ++g) {
      const auto seed = static_cast<std::uint64_t>(p.q_len() * 31 + b * 7 + g);
      const std::int64_t h = g * group + (first_of_all ? 0 : random_below(seed, group));
      const std::int64_t start = first_of_all ? 0 : random_below(seed + 1, p.q_len());
      for (std::int64_t n = 0; n < p.q_len(); ++n) {
        const RowAt row{b, h, (start + n) % p.q_len()};
        if (!sees_some_but_not_all(p, row)) continue;
        chosen.push_back(row);
        break;
      }
    }
  }
  return chosen;
}

// Places in rows that see the keys hidden from one of `rows`, and give something else.
std::function<bool(const Place&)> seeing(const Problem& p, const std::vector<RowAt>& rows) {
  const std::int64_t kv_heads = p.kv_heads();
  const std::int64_t n = p.kv_len();
  std::vector<bool> changed(static_cast<std::size_t>(p.batch() * kv_heads * n), false);
  for (const RowAt& row : rows) {
    for (const KeyAt& at : hidden_keys(p, row.b, row.h, row.i))
      changed[static_cast<std::size_t>((at.b * kv_heads + at.kv_head) * n + at.key)] = true;
  }
  std::vector<bool> blind = rows_seeing_none_of(p, [&](std::int64_t b, std::int64_t g, std::int64_t j) {
    return changed[static_cast<std::size_t>((b * kv_heads + g) * n + j)];
  });
  return [blind = std::move(blind), heads = p.q_heads(), length = p.q_len()](const Place& at) {
    return !blind[static_cast<std::size_t>((at.b * heads + at.h) * length + at.i)];
  };
}

Call leaking_into(const Problem& p, const oracle::ContractSet& contract, const std::vector<RowAt>& rows,
                  const char* variant) {
  Call call{variant, p};
  for (const RowAt& row : rows)
    call.problem = with_dominating(call.problem, contract, row, hidden_keys(p, row.b, row.h, row.i));
  call.changes = seeing(p, rows);
  return call;
}

std::string why_not(const Problem& p, const oracle::ContractSet&) {
  if (p.batch() * p.q_len() * p.kv_len() == 0) return "there is no row or no key";
  if (shares_storage(p.k) || shares_storage(p.v)) return "keys or values share storage";
  return chosen_rows(p, true).empty() && chosen_rows(p, false).empty() ? "no row sees one key and not another"
                                                                       : "";
}

// A row anywhere, for what only some rows get wrong; and the first, which smaller problems have as well.
std::vector<Call> calls(const Problem& p, const oracle::ContractSet& contract) {
  return {
      leaking_into(p, contract, chosen_rows(p, false), "dominating logits in keys that a row does not see"),
      leaking_into(p, contract, chosen_rows(p, true),
                   "dominating logits in keys that the first row does not see")};
}

}  // namespace

Law dominating_leak_law() {
  return {.id = LawId::dominating_leak,
          .on_kernels = "certified bound",
          .why_not = why_not,
          .calls = calls,
          .relate = relate_within_bounds,
          .share = 0.2};
}

}  // namespace attest::laws
