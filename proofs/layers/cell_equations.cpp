// Rows of the flip-book's cells, and their closed forms, are their equations in any arithmetic and a fixed
// order of operations: four tokens of three features and two components. (That rows and closed forms agree in
// exact numbers: cell_*.cpp.)
#include <fmt/format.h>

#include "attention/cells/attention.hpp"
#include "attention/cells/flip_book.hpp"
#include "attention/cells/linear_attention.hpp"
#include "attention/cells/retention.hpp"
#include "attention/cells/wkv.hpp"
#include "support/term_theorem.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

constexpr std::size_t kTokens = 4;
constexpr std::size_t kFeatures = 3;
constexpr std::size_t kComponents = 2;

template <class A>
using Row = std::vector<typename A::Acc>;

// A matrix of two indices: where a cell keeps its numbers is the cell's business.
template <class A>
using Matrix = std::vector<Row<A>>;

template <class A>
struct ScoredToken {
  typename A::Score score;
  Row<A> value;
};

// The equations of the heads of cells/*.hpp, written out.
template <class A>
struct Equations {
  const A& k;
  using X = typename A::Acc;
  using Score = typename A::Score;
  using State = attention::State<A>;

  X product(const Row<A>& x, const Row<A>& y) const {
    X sum = k.mul(x[0], y[0]);
    for (std::size_t f = 1; f < kFeatures; ++f) sum = k.add(sum, k.mul(x[f], y[f]));
    return sum;
  }
  // q S, a row of S a feature.
  Row<A> read(const Row<A>& q, const Matrix<A>& s) const {
    Row<A> row;
    for (std::size_t c = 0; c < kComponents; ++c) {
      X sum = k.mul(q[0], s[0][c]);
      for (std::size_t f = 1; f < kFeatures; ++f) sum = k.add(sum, k.mul(q[f], s[f][c]));
      row.push_back(sum);
    }
    return row;
  }

  template <class Tokens>
  Row<A> linear(const Tokens& tokens, std::size_t t) const {
    Matrix<A> s(kFeatures, Row<A>(kComponents, k.zero()));
    Row<A> z(kFeatures, k.zero());
    for (std::size_t j = 0; j <= t; ++j) {
      for (std::size_t f = 0; f < kFeatures; ++f) {
        z[f] = k.add(z[f], tokens[j].key[f]);
        for (std::size_t c = 0; c < kComponents; ++c)
          s[f][c] = k.add(s[f][c], k.mul(tokens[j].key[f], tokens[j].value[c]));
      }
    }
    Row<A> row = read(tokens[t].query, s);
    for (X& x : row) x = k.div(x, product(tokens[t].query, z));
    return row;
  }
  template <class Tokens>
  Row<A> linear_at_once(const Tokens& tokens, std::size_t t) const {
    Row<A> weights;
    for (std::size_t j = 0; j <= t; ++j) weights.push_back(product(tokens[t].query, tokens[j].key));
    X sum = weights[0];
    for (std::size_t j = 1; j <= t; ++j) sum = k.add(sum, weights[j]);
    Row<A> row;
    for (std::size_t c = 0; c < kComponents; ++c) {
      X weighted = k.mul(weights[0], tokens[0].value[c]);
      for (std::size_t j = 1; j <= t; ++j) weighted = k.add(weighted, k.mul(weights[j], tokens[j].value[c]));
      row.push_back(k.div(weighted, sum));
    }
    return row;
  }

  template <class Tokens>
  Row<A> retention(const Tokens& tokens, std::size_t t, const X& gamma) const {
    Matrix<A> s(kFeatures, Row<A>(kComponents, k.zero()));
    for (std::size_t j = 0; j <= t; ++j) {
      for (std::size_t f = 0; f < kFeatures; ++f) {
        for (std::size_t c = 0; c < kComponents; ++c)
          s[f][c] = k.add(k.mul(s[f][c], gamma), k.mul(tokens[j].key[f], tokens[j].value[c]));
      }
    }
    return read(tokens[t].query, s);
  }
  template <class Tokens>
  Row<A> retention_at_once(const Tokens& tokens, std::size_t t, const X& gamma) const {
    Row<A> row;
    for (std::size_t c = 0; c < kComponents; ++c) {
      X sum = k.mul(product(tokens[t].query, tokens[t].key), tokens[t].value[c]);
      X decay = k.one();
      for (std::size_t age = 1; age <= t; ++age) {
        decay = k.mul(decay, gamma);
        const auto& token = tokens[t - age];
        sum = k.add(sum, k.mul(k.mul(product(tokens[t].query, token.key), decay), token.value[c]));
      }
      row.push_back(sum);
    }
    return row;
  }

  Score plus(const Score& s, const Score& t) const { return k.sub(s, k.sub(k.origin(), t)); }
  State key(const Score& score, const Row<A>& value) const {
    State state{score, k.one(), {}};
    for (const X& x : value) state.o.push_back(k.mul(k.probability(k.one()), x));
    return state;
  }
  template <class Tokens>
  Row<A> wkv(const Tokens& tokens, std::size_t t, const Score& decay, const Score& bonus) const {
    State sums = attention::empty_state(k, 1);
    for (std::size_t j = 0; j < t; ++j) {
      sums.m = k.sub(sums.m, decay);
      guarded_merge_into(k, sums, key(tokens[j].key, {tokens[j].value}));
    }
    State row = key(plus(tokens[t].key, bonus), {tokens[t].value});
    guarded_merge_into(k, row, sums);
    return finalize(k, row);
  }
  template <class Tokens>
  Row<A> wkv_at_once(const Tokens& tokens, std::size_t t, const Score& decay, const Score& bonus) const {
    std::vector<Score> scores{plus(tokens[t].key, bonus)};
    Matrix<A> values{{tokens[t].value}};
    for (std::size_t j = 0; j < t; ++j) {
      Score score = tokens[j].key;
      for (std::size_t age = 1; age < t - j; ++age) score = k.sub(score, decay);
      scores.push_back(score);
      values.push_back({tokens[j].value});
    }
    return finalize(k, attention::block(k, scores, values));
  }

  Row<A> attention(const std::vector<ScoredToken<A>>& tokens, std::size_t t) const {
    State state = attention::empty_state(k, kComponents);
    for (std::size_t j = 0; j <= t; ++j) guarded_merge_into(k, state, key(tokens[j].score, tokens[j].value));
    return finalize(k, state);
  }
};

// Every row of a cell, re-read from `empty`, against what `expected` says of it.
template <class World, class A, class Cell, class State, class Tokens, class Expected>
void show_rows(World& world, const A& k, const std::string& name, const Cell& cell, const State& empty,
               const Tokens& tokens, const Expected& expected) {
  for (std::size_t t = 0; t < kTokens; ++t) {
    const Row<A> right = expected(t);
    Row<A> row(right.size(), k.one());
    attention::flip_book_row(cell, State(empty), tokens, t, row);
    world.show(fmt::format("{}, row {}", name, t), all_same(world, row, right));
  }
}

template <class World, class A, class Cell, class Tokens, class Expected>
void show_at_once(World& world, const A& k, const std::string& name, const Cell& cell, const Tokens& tokens,
                  const Expected& expected) {
  for (std::size_t t = 0; t < kTokens; ++t) {
    const Row<A> right = expected(t);
    Row<A> row(right.size(), k.one());
    cell.closed_form(tokens, t, row);
    world.show(fmt::format("{}, row {} at once", name, t), all_same(world, row, right));
  }
}

template <class Token, class World, class A>
std::vector<Token> any_tokens(World& world, const A& k, const std::string& name) {
  std::vector<Token> tokens;
  for (std::size_t j = 0; j < kTokens; ++j)
    tokens.push_back({any_terms(world, k, fmt::format("{}q{}_", name, j), kFeatures),
                      any_terms(world, k, fmt::format("{}k{}_", name, j), kFeatures),
                      any_terms(world, k, fmt::format("{}v{}_", name, j), kComponents)});
  return tokens;
}

template <class World, class A>
void show_linear(World& world, const A& k) {
  const attention::LinearAttention<A> cell{k};
  const Equations<A> equations{k};
  const auto tokens = any_tokens<attention::LinearToken<A>>(world, k, "linear_");
  show_rows(world, k, "linear attention", cell, cell.empty(kFeatures, kComponents), tokens,
            [&](std::size_t t) { return equations.linear(tokens, t); });
  show_at_once(world, k, "linear attention", cell, tokens,
               [&](std::size_t t) { return equations.linear_at_once(tokens, t); });
}

template <class World, class A>
void show_retention(World& world, const A& k, bool mirrored) {
  const attention::Retention<A> cell{k, as_acc(k, world.number("gamma"))};
  const Equations<A> equations{k};
  const auto tokens = any_tokens<attention::RetentionToken<A>>(world, k, "retained_");
  auto read = tokens;
  for (auto& token : read)
    if (mirrored) std::swap(token.query[0], token.query[2]);
  show_rows(world, k, "retention", cell, cell.empty(kFeatures, kComponents), read,
            [&](std::size_t t) { return equations.retention(tokens, t, cell.gamma); });
  show_at_once(world, k, "retention", cell, read,
               [&](std::size_t t) { return equations.retention_at_once(tokens, t, cell.gamma); });
}

template <class World, class A>
void show_wkv(World& world, const A& k) {
  const attention::Wkv<A> cell{k, as_score(k, world.number("decay")), as_score(k, world.number("bonus"))};
  const Equations<A> equations{k};
  std::vector<attention::WkvToken<A>> tokens;
  for (std::size_t j = 0; j < kTokens; ++j)
    tokens.push_back({as_score(k, world.number(fmt::format("wkv_s{}", j))),
                      as_acc(k, world.number(fmt::format("wkv_v{}", j)))});
  show_rows(world, k, "WKV", cell, cell.empty(), tokens,
            [&](std::size_t t) { return equations.wkv(tokens, t, cell.decay, cell.bonus); });
  show_at_once(world, k, "WKV", cell, tokens,
               [&](std::size_t t) { return equations.wkv_at_once(tokens, t, cell.decay, cell.bonus); });
}

template <class World, class A>
void show_attention(World& world, const A& k) {
  std::vector<ScoredToken<A>> tokens;
  for (std::size_t j = 0; j < kTokens; ++j)
    tokens.push_back({as_score(k, world.number(fmt::format("s{}", j))),
                      any_terms(world, k, fmt::format("v{}_", j), kComponents)});
  const auto score = [](const ScoredToken<A>& token) { return token.score; };
  const attention::AttentionCell<A, decltype(score)> cell{k, score};
  const Equations<A> equations{k};
  show_rows(world, k, "attention", cell, cell.empty(kComponents), tokens,
            [&](std::size_t t) { return equations.attention(tokens, t); });
}

}  // namespace

prove::Theorem cell_equations() {
  return prove::about(
      "cells/linear_attention.hpp: LinearAttention; cells/retention.hpp: Retention; cells/wkv.hpp: Wkv; "
      "cells/attention.hpp: AttentionCell; cells/flip_book.hpp: flip_book_row",
      term_theorem(
          "cell-equations",
          "Rows of linear attention, retention, WKV and the attention cell are those of their equations, in "
          "any arithmetic, and so are the first three's closed forms: four tokens, three features.",
          [](auto& world, const auto& k) {
            show_linear(world, k);
            show_retention(world, k, false);
            show_wkv(world, k);
            show_attention(world, k);
          },
          "the first and last feature of the query exchanged",
          [](auto& world, const auto& k) { show_retention(world, k, true); }));
}

}  // namespace attest::proofs
