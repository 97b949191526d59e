// Changing k or v of keys that no row of their batch and key/value head sees changes nothing, bit for bit.
//
// Three changes, each catching another way of masking wrongly: ordinary values (the mask is ignored), values
// as large as they can be without overflowing a score (the mask is a finite number added to the score), and
// logits that dominate a row together with a tagged value (a leak of one key replaces the row's output). Keys
// at and past kv_lens are among them.

#include <algorithm>
#include <cmath>

#include "laws/catalogue.hpp"
#include "laws/compare.hpp"
#include "laws/seen.hpp"
#include "laws/sentence.hpp"
#include "numerics/random_value.hpp"
#include "oracle/visible.hpp"

namespace attest {
namespace {

// One masked key, and what its storage is about to hold.
struct Masked {
  std::int64_t b = 0, kv_head = 0, key = 0;
};

std::vector<Masked> masked_keys(const Problem& p) {
  std::vector<Masked> keys;
  for (std::int64_t b = 0; b < p.batch(); ++b) {
    for (std::int64_t g = 0; g < p.kv_heads(); ++g) {
      const std::vector<bool> seen = seen_keys(p, b, g);
      for (std::int64_t j = 0; j < p.kv_len(); ++j) {
        if (!seen[static_cast<std::size_t>(j)]) keys.push_back({b, g, j});
      }
    }
  }
  return keys;
}

double largest_abs(const Tensor& t) {
  double largest = 0;
  for (const double x : t.values()) {
    if (std::isfinite(x)) largest = std::max(largest, std::fabs(x));
  }
  return largest;
}

// Sum |q k| that overflows no score of any alternative, with a factor of 16 to spare; see error-bound.md 3.
double score_room(const Problem& p, const ContractSet& contract) {
  double room = kBinary64.max_finite();
  for (const Contract& c : contract.alternatives) {
    room = std::min(room, c.score.format.max_finite());
    for (const auto& stored : {c.store_product, c.store_scaled, c.store_biased}) {
      if (stored) room = std::min(room, stored->max_finite());
    }
  }
  return room / 16 / std::max(1.0, std::fabs(p.scale));
}

void change_ordinary(Problem& p, const Masked& at, double size) {
  const auto seed = static_cast<std::uint64_t>(at.key * 977 + at.kv_head * 31 + at.b);
  for (std::int64_t c = 0; c < p.qk_dim(); ++c) {
    p.k.set({at.b, at.kv_head, at.key, c},
            size * (2 * random_unit(seed + static_cast<std::uint64_t>(c) * 7919) - 1));
  }
  for (std::int64_t c = 0; c < p.v_dim(); ++c) {
    p.v.set({at.b, at.kv_head, at.key, c}, 2 + random_unit(seed * 3 + static_cast<std::uint64_t>(c)));
  }
}

void change_large(Problem& p, const Masked& at, double size) {
  // As in the families at the top of the range: even a sum of all of them is finite.
  const double value = format_of(p.v.dtype()).max_finite() / (4 * static_cast<double>(p.kv_len()));
  for (std::int64_t c = 0; c < p.qk_dim(); ++c)
    p.k.set({at.b, at.kv_head, at.key, c}, c % 2 == 0 ? size : -size);
  for (std::int64_t c = 0; c < p.v_dim(); ++c) p.v.set({at.b, at.kv_head, at.key, c}, value);
}

// Keys k = t q of one row of the group, t such that their scores are ahead of everything in that row.
std::vector<double> dominating_key(const Problem& p, std::int64_t b, std::int64_t kv_head, double room) {
  const std::int64_t group = p.q_heads() / p.kv_heads();
  const auto seed = static_cast<std::uint64_t>(kv_head * 131 + b);
  const std::int64_t h = kv_head * group + random_below(seed, group);
  const std::int64_t i = random_below(seed + 1, p.q_len());
  std::vector<double> key;
  double squared = 0;
  for (std::int64_t c = 0; c < p.qk_dim(); ++c) {
    key.push_back(p.q.at({b, h, i, c}));
    squared += key.back() * key.back();
  }
  double highest = 0;
  for (const std::int64_t j : visible_keys(p, b, h, i)) {
    double dot = 0;
    for (std::int64_t c = 0; c < p.qk_dim(); ++c) {
      dot += key[static_cast<std::size_t>(c)] * p.k.at({b, kv_head, j, c});
    }
    highest = std::max(highest, std::fabs(dot * p.scale));
  }
  const double target = std::min(40 + 2 * highest, room * std::max(1.0, std::fabs(p.scale)));
  const double t = squared == 0 || p.scale == 0 ? 0 : target / (p.scale * squared);
  const double limit = format_of(p.k.dtype()).max_finite() / 4;
  for (double& x : key) x = std::clamp(t * x, -limit, limit);
  return key;
}

void change_dominating(Problem& p, const Masked& at, const std::vector<double>& key) {
  for (std::int64_t c = 0; c < p.qk_dim(); ++c) {
    p.k.set({at.b, at.kv_head, at.key, c}, key[static_cast<std::size_t>(c)]);
  }
  for (std::int64_t c = 0; c < p.v_dim(); ++c) p.v.set({at.b, at.kv_head, at.key, c}, 1000);
}

std::string why_not(const Problem& p, const ContractSet&) {
  if (p.batch() * p.q_len() * p.kv_len() == 0) return "there is no row or no key";
  if (shares_storage(p.k) || shares_storage(p.v)) return "keys or values share storage";
  return masked_keys(p).empty() ? "every key is seen by some row" : "";
}

std::vector<Call> calls(const Problem& p, const ContractSet& contract) {
  const std::vector<Masked> masked = masked_keys(p);
  const double q_size = std::max(largest_abs(p.q), kBinary16.min_normal());
  const double room = score_room(p, contract);
  const double ordinary = std::max(largest_abs(p.k), 1.0);
  const double large =
      std::min(room / (q_size * static_cast<double>(p.qk_dim())), format_of(p.k.dtype()).max_finite() / 4);
  std::vector<Call> calls{{"other ordinary values in masked keys", p},
                          {"large values in masked keys", p},
                          {"dominating logits in masked keys", p}};
  std::vector<double> dominating;
  const Masked* last = nullptr;
  for (const Masked& at : masked) {
    if (last == nullptr || last->b != at.b || last->kv_head != at.kv_head) {
      dominating = dominating_key(p, at.b, at.kv_head, room);
    }
    last = &at;
    change_ordinary(calls[0].problem, at, std::min(ordinary, large));
    change_large(calls[1].problem, at, large);
    change_dominating(calls[2].problem, at, dominating);
  }
  return calls;
}

Relation relate(Subject& subject, const std::vector<Call>& made, const CallResults& results) {
  Relation relation{std::nullopt, true};
  for (std::size_t i = 0; i < made.size() && !relation.breach; ++i) {
    if (!results[i]) continue;
    const Comparison comparison = compare_bits(subject.base().result, *results[i], NaNs::skipped);
    if (comparison.differing == 0) continue;
    const Element& worst = comparison.worst.front();
    relation.bitwise = false;
    relation.breach =
        Breach{std::isnan(worst.got) ? FindingKind::nan : FindingKind::wrong_value, made[i].variant,
               comparison.worst, made[i].variant + " " + change_sentence(subject.problem(), worst)};
  }
  return relation;
}

}  // namespace

Law masking_law() {
  return {
      "masking", "keys and values that no row sees change nothing", "bit for bit", why_not, nullptr, calls,
      relate};
}

}  // namespace attest
