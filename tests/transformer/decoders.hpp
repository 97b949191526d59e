// The two ends of the trade between space and time, run over a whole sequence.
#pragma once

#include <vector>

#include "attention/transformer/kv_cache.hpp"
#include "attention/transformer/recompute.hpp"

namespace attest::attention {

using Tokens = std::vector<std::uint32_t>;

inline Tokens some_tokens(std::size_t length, const ModelShape& shape) {
  Tokens tokens;
  for (std::size_t t = 0; t < length; ++t)
    tokens.push_back(static_cast<std::uint32_t>((7 * t * t + 3 * t + 1) % shape.vocabulary));
  return tokens;
}

/// A workspace and the memory behind it.
template <semantics::Scoring A>
struct Memory {
  explicit Memory(Words words) : numbers(words.numbers), maxima(words.maxima) {}
  Workspace<A> workspace() { return {numbers, maxima}; }
  std::vector<typename A::Acc> numbers;
  std::vector<typename A::Score> maxima;
};

template <semantics::Scoring A>
using Rows = std::vector<std::vector<typename A::Acc>>;

template <semantics::Scoring A>
Rows<A> rows_by_recompute(const A& k, const Transformer<typename A::Acc>& model, const Tokens& tokens) {
  Memory<A> memory(recompute_words(model.shape));
  Rows<A> rows;
  for (std::size_t t = 0; t < tokens.size(); ++t) {
    const auto x = recompute_row<A>(k, model, tokens, t, memory.workspace());
    rows.emplace_back(x.begin(), x.end());
  }
  return rows;
}

template <semantics::Scoring A>
Rows<A> rows_by_kv_cache(const A& k, const Transformer<typename A::Acc>& model, const Tokens& tokens) {
  Memory<A> memory(kv_cache_words(model.shape, tokens.size()));
  KvCache<A> cache(k, model, tokens.size(), memory.workspace());
  Rows<A> rows;
  for (const std::uint32_t token : tokens) {
    const auto x = cache.append(token);
    rows.emplace_back(x.begin(), x.end());
  }
  return rows;
}

}  // namespace attest::attention
