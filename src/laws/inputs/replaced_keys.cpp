#include "laws/inputs/replaced_keys.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "laws/inputs/key_visibility.hpp"
#include "numerics/random_value.hpp"
#include "oracle/contract/questions.hpp"
#include "oracle/definition/head_terms.hpp"
#include "oracle/definition/visible.hpp"
#include "problem/key_value.hpp"
#include "problem/kv_storage.hpp"

namespace attest::laws {
namespace {

double largest_abs(const Tensor& t) {
  double largest = 0;
  for (const double x : t.values()) {
    if (std::isfinite(x)) largest = std::max(largest, std::fabs(x));
  }
  return largest;
}

void change_ordinary(Problem& p, const KeyAt& at, double size) {
  const auto seed = static_cast<std::uint64_t>(at.key * 977 + at.kv_head * 31 + at.b);
  for (std::int64_t c = 0; c < p.qk_dim(); ++c) {
    set_key(p, at.b, at.kv_head, at.key, c,
            size * (2 * random_unit(seed + static_cast<std::uint64_t>(c) * 7919) - 1));
  }
  for (std::int64_t c = 0; c < p.v_dim(); ++c) {
    set_value(p, at.b, at.kv_head, at.key, c, 2 + random_unit(seed * 3 + static_cast<std::uint64_t>(c)));
  }
}

void change_large(Problem& p, const oracle::ContractSet& contract, const KeyAt& at, double size) {
  // As in the families at the top of the range: even a sum of all of them is finite.
  const double most =
      std::min(format_of(p.v.dtype()).max_finite(), oracle::largest_converted_value(contract));
  const double value = most / (4 * static_cast<double>(p.kv_len()));
  for (std::int64_t c = 0; c < p.qk_dim(); ++c)
    set_key(p, at.b, at.kv_head, at.key, c, c % 2 == 0 ? size : -size);
  for (std::int64_t c = 0; c < p.v_dim(); ++c) set_value(p, at.b, at.kv_head, at.key, c, value);
}

RowAt some_row(const Problem& p, std::int64_t b, std::int64_t kv_head) {
  const std::int64_t group = p.q_heads() / p.kv_heads();
  const auto seed = static_cast<std::uint64_t>(kv_head * 131 + b);
  return {b, kv_head * group + random_below(seed, group), random_below(seed + 1, p.q_len())};
}

// The largest |q . key| of the rows that read this key/value head.
double largest_dot(const Problem& p, std::int64_t b, std::int64_t kv_head, const std::vector<double>& key) {
  const std::int64_t group = p.q_heads() / p.kv_heads();
  double largest = 0;
  for (std::int64_t h = kv_head * group; h < (kv_head + 1) * group; ++h) {
    for (std::int64_t i = 0; i < p.q_len(); ++i) {
      double dot = 0;
      for (std::int64_t c = 0; c < p.qk_dim(); ++c)
        dot += key[static_cast<std::size_t>(c)] * p.q.at({b, h, i, c});
      largest = std::max(largest, std::fabs(dot));
    }
  }
  return largest;
}

// A key k = t q for the row's q, t such that its score is ahead of everything in that row, as far as no other
// row's score leaves the room.
std::vector<double> dominating_key(const Problem& p, const oracle::ContractSet& contract, const RowAt& row,
                                   double room) {
  std::vector<double> key;
  double squared = 0;
  for (std::int64_t c = 0; c < p.qk_dim(); ++c) {
    key.push_back(p.q.at({row.b, row.h, row.i, c}));
    squared += key.back() * key.back();
  }
  const double scale = oracle::head_terms(p, row.h).scale;
  double highest = 0;
  for (const std::int64_t j : oracle::visible_keys(p, row.b, row.h, row.i)) {
    double dot = 0;
    for (std::int64_t c = 0; c < p.qk_dim(); ++c) {
      dot += key[static_cast<std::size_t>(c)] * KeyValue(p).key(row.b, oracle::kv_head_of(p, row.h), j, c);
    }
    highest = std::max(highest, std::fabs(dot * scale));
  }
  const double target = std::min(40 + 2 * highest, room * std::max(1.0, std::fabs(scale)));
  const double t = squared == 0 || scale == 0 ? 0 : target / (scale * squared);
  const double limit =
      std::min(format_of(p.k.dtype()).max_finite(), oracle::largest_converted_key(contract)) / 4;
  for (double& x : key) x = std::clamp(t * x, -limit, limit);
  const double largest = largest_dot(p, row.b, oracle::kv_head_of(p, row.h), key);
  if (largest > room) {
    for (double& x : key) x *= room / largest;
  }
  return key;
}

void change_dominating(Problem& p, const KeyAt& at, const std::vector<double>& key) {
  for (std::int64_t c = 0; c < p.qk_dim(); ++c) {
    set_key(p, at.b, at.kv_head, at.key, c, key[static_cast<std::size_t>(c)]);
  }
  for (std::int64_t c = 0; c < p.v_dim(); ++c) set_value(p, at.b, at.kv_head, at.key, c, 1000);
}

// Components of k that overflow no score with any query of the problem.
double largest_key(const Problem& p, const oracle::ContractSet& contract) {
  const double q_size = std::max(largest_abs(p.q), kBinary16.min_normal());
  return std::min({score_room(p, contract) / (q_size * static_cast<double>(p.qk_dim())),
                   format_of(p.k.dtype()).max_finite() / 4, oracle::largest_converted_key(contract) / 4});
}

// What replaces keys has to be what the kernel's cache holds.
Problem as_stored(Problem p, const oracle::ContractSet& contract) {
  return stored(std::move(p), oracle::kv_storage(contract));
}

}  // namespace

std::vector<KeyAt> unseen_keys(const Problem& p) {
  std::vector<KeyAt> keys;
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

double score_room(const Problem& p, const oracle::ContractSet& contract) {
  return oracle::largest_score(contract) / 16 / std::max(1.0, std::fabs(p.scale));
}

Problem with_ordinary(const Problem& problem, const oracle::ContractSet& contract,
                      const std::vector<KeyAt>& keys) {
  Problem p = problem;
  const double size = std::min(std::max(largest_abs(problem.k), 1.0), largest_key(problem, contract));
  for (const KeyAt& at : keys) change_ordinary(p, at, size);
  return as_stored(std::move(p), contract);
}

Problem with_large(const Problem& problem, const oracle::ContractSet& contract,
                   const std::vector<KeyAt>& keys) {
  Problem p = problem;
  const double size = largest_key(problem, contract);
  for (const KeyAt& at : keys) change_large(p, contract, at, size);
  return as_stored(std::move(p), contract);
}

Problem with_dominating(const Problem& problem, const oracle::ContractSet& contract,
                        const std::vector<KeyAt>& keys) {
  Problem p = problem;
  const double room = score_room(problem, contract);
  std::vector<double> dominating;
  const KeyAt* last = nullptr;
  for (const KeyAt& at : keys) {
    if (last == nullptr || last->b != at.b || last->kv_head != at.kv_head) {
      dominating = dominating_key(problem, contract, some_row(problem, at.b, at.kv_head), room);
    }
    last = &at;
    change_dominating(p, at, dominating);
  }
  return as_stored(std::move(p), contract);
}

Problem with_dominating(const Problem& problem, const oracle::ContractSet& contract, const RowAt& row,
                        const std::vector<KeyAt>& keys) {
  Problem p = problem;
  const std::vector<double> dominating =
      dominating_key(problem, contract, row, score_room(problem, contract));
  for (const KeyAt& at : keys) change_dominating(p, at, dominating);
  return as_stored(std::move(p), contract);
}

}  // namespace attest::laws
