// Decoding against a cache of keys and values: one row at a time, or a chunk of rows at a time.
//
// After t + 1 appends the cache holds keys 0 to t, which are the keys that causal row t sees: so decoding
// equals prefill (causal.hpp), however the rows are cut into chunks.
#pragma once

#include <utility>
#include <vector>

#include "attention/run.hpp"

namespace attest::attention {

/// Everything that earlier tokens leave behind. Key is what a score is computed from, of any type.
template <semantics::Semantics A, class Key>
struct Cache {
  std::vector<Key> keys;
  std::vector<std::vector<typename A::Acc>> values;
  std::size_t size() const { return keys.size(); }
};

/// Appends a token's key and value and returns the state of its row: its own key first, then keys 0, 1, ...
/// in turn. score(query, key) is the scaled score.
template <semantics::Semantics A, class Query, class Key, class Score>
State<A> decode(const A& k, Cache<A, Key>& cache, const Query& query, Key key,
                std::vector<typename A::Acc> value, const Score& score) {
  const std::vector<typename A::Score> own_score{score(query, key)};
  const std::vector<std::vector<typename A::Acc>> own_value(1, value);
  auto state = block(k, own_score, own_value);
  for (std::size_t j = 0; j < cache.size(); ++j) step(k, state, score(query, cache.keys[j]), cache.values[j]);
  cache.keys.push_back(std::move(key));
  cache.values.push_back(std::move(value));
  return state;
}

/// Appends a chunk of tokens and returns the states of their rows: the past, which every row of the chunk
/// sees in full, in tiles of `tile` keys, merged with the row's part of the chunk. queries[i], keys[i],
/// values[i] belong to token i of the chunk. Precondition: tile >= 1.
template <semantics::Semantics A, class Queries, class Key, class Score>
std::vector<State<A>> prefill_chunk(const A& k, Cache<A, Key>& cache, const Queries& queries,
                                    const std::vector<Key>& keys,
                                    const std::vector<std::vector<typename A::Acc>>& values, std::size_t tile,
                                    const Score& score) {
  const std::size_t past = cache.size();
  cache.keys.insert(cache.keys.end(), keys.begin(), keys.end());
  cache.values.insert(cache.values.end(), values.begin(), values.end());
  std::vector<State<A>> states;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    std::vector<typename A::Score> scores;
    for (std::size_t j = 0; j <= past + i; ++j) scores.push_back(score(queries[i], cache.keys[j]));
    const Schedule own_part{past, past + i + 1, {}};
    Schedule row{0, past + i + 1, {tiled(past, tile), own_part}};
    states.push_back(*run(k, row, scores, cache.values));  // a row of a chunk sees at least its own key
  }
  return states;
}

}  // namespace attest::attention
