// The flip-book's cells, exactly: recurrent, one pass or re-read, equals the closed form, and segments merge.
#include <algorithm>

#include <gtest/gtest.h>

#include "attention/cells/attention.hpp"
#include "attention/cells/flip_book.hpp"
#include "attention/cells/linear_attention.hpp"
#include "attention/cells/retention.hpp"
#include "attention/cells/selective_scan.hpp"
#include "attention/cells/wkv.hpp"
#include "exact_rows.hpp"

namespace attest::attention {
namespace {

const semantics::Rational kExact;
using Vector = std::vector<Number>;
constexpr std::size_t kTokens = 6;

struct Draw {
  std::mt19937_64 random{31};
  Number positive() {
    std::uniform_int_distribution<int> pick(1, 9);
    return {pick(random), pick(random)};
  }
  Number any() { return positive() - positive(); }
  Vector several(std::size_t n) {
    Vector x(n);
    std::generate(x.begin(), x.end(), [&] { return any(); });
    return x;
  }
  Vector features(std::size_t n) {
    Vector x(n);
    std::generate(x.begin(), x.end(), [&] { return positive(); });
    return x;
  }
};

// Rows by one pass and by re-reading; both must be the closed form's.
template <class Cell, class Empty, class Tokens>
void expect_closed_form(const Cell& cell, const Empty& empty, const Tokens& tokens, std::size_t v_dim) {
  std::vector<Vector> rows(tokens.size(), Vector(v_dim));
  one_pass(cell, empty(), tokens, rows);
  for (std::size_t t = 0; t < tokens.size(); ++t) {
    Vector reread(v_dim), expected(v_dim);
    flip_book_row(cell, empty(), tokens, t, reread);
    cell.closed_form(tokens, t, expected);
    EXPECT_EQ(rows[t], expected) << "row " << t;
    EXPECT_EQ(reread, expected) << "row " << t;
  }
}

// The last row after two segments, for every cut; the state of no tokens on either side included.
template <class Cell, class Empty, class Tokens>
void expect_segments_merge(const Cell& cell, const Empty& empty, const Tokens& tokens, std::size_t v_dim) {
  const std::size_t last = tokens.size() - 1;
  Vector expected(v_dim);
  cell.closed_form(tokens, last, expected);
  for (std::size_t cut = 0; cut <= last; ++cut) {
    auto first = empty();
    auto second = empty();
    for (std::size_t j = 0; j < last; ++j) cell.step(j < cut ? first : second, tokens[j]);
    cell.merge_into(first, second);
    Vector output(v_dim);
    cell.emit(first, tokens[last], output);
    EXPECT_EQ(output, expected) << "cut at " << cut;
  }
}

TEST(LinearAttention, RecurrentParallelAndChunkedAgreeExactly) {
  Draw draw;
  std::vector<LinearToken<semantics::Rational>> tokens;
  for (std::size_t j = 0; j < kTokens; ++j)
    tokens.push_back({draw.features(3), draw.features(3), draw.several(2)});
  const LinearAttention<semantics::Rational> cell{kExact};
  const auto empty = [&] { return cell.empty(3, 2); };
  expect_closed_form(cell, empty, tokens, 2);
  expect_segments_merge(cell, empty, tokens, 2);
}

TEST(LinearAttention, IsTheMeanWeightedByFeatureProducts) {
  const LinearAttention<semantics::Rational> cell{kExact};
  const std::vector<LinearToken<semantics::Rational>> tokens{{{1}, {1}, {4}}, {{2}, {3}, {8}}};
  std::vector<Vector> rows(2, Vector(1));
  one_pass(cell, cell.empty(1, 1), tokens, rows);
  EXPECT_EQ(rows, (std::vector<Vector>{{4}, {7}}));  // (2 * 4 + 6 * 8) / 8
}

TEST(Retention, RecurrentParallelAndChunkedAgreeExactly) {
  Draw draw;
  std::vector<RetentionToken<semantics::Rational>> tokens;
  for (std::size_t j = 0; j < kTokens; ++j)
    tokens.push_back({draw.several(3), draw.several(3), draw.several(2)});
  const Retention<semantics::Rational> cell{kExact, Number(7, 8)};
  const auto empty = [&] { return cell.empty(3, 2); };
  expect_closed_form(cell, empty, tokens, 2);
  expect_segments_merge(cell, empty, tokens, 2);
}

TEST(Retention, DecaysByGammaATokenWithoutDividing) {
  const Retention<semantics::Rational> cell{kExact, Number(1, 2)};
  const std::vector<RetentionToken<semantics::Rational>> tokens{
      {{1}, {3}, {4}}, {{2}, {5}, {1}}, {{1}, {1}, {1}}};
  std::vector<Vector> rows(3, Vector(1));
  one_pass(cell, cell.empty(1, 1), tokens, rows);
  EXPECT_EQ(rows, (std::vector<Vector>{{12}, {22}, {Number(13, 2)}}));  // 1/4 * 12 + 1/2 * 5 + 1
}

std::vector<WkvToken<semantics::Rational>> wkv_tokens(Draw& draw) {
  std::vector<WkvToken<semantics::Rational>> tokens;
  for (std::size_t j = 0; j < kTokens; ++j) tokens.push_back({{draw.positive()}, draw.any()});
  return tokens;
}

TEST(Wkv, RecurrentParallelAndChunkedAgreeExactly) {
  Draw draw;
  const auto tokens = wkv_tokens(draw);
  const Wkv<semantics::Rational> cell{kExact, {Number(5, 4)}, {Number(3, 2)}};
  const auto empty = [&] { return cell.empty(); };
  expect_closed_form(cell, empty, tokens, 1);
  expect_segments_merge(cell, empty, tokens, 1);
}

// Written from the paper's formula: e^k, e^w and e^u are the weights.
TEST(Wkv, IsThePapersFormula) {
  Draw draw;
  const auto tokens = wkv_tokens(draw);
  const Number ew(5, 4), eu(3, 2);
  const Wkv<semantics::Rational> cell{kExact, {ew}, {eu}};
  std::vector<Vector> rows(kTokens, Vector(1));
  one_pass(cell, cell.empty(), tokens, rows);
  for (std::size_t t = 0; t < kTokens; ++t) {
    Number denominator = eu * tokens[t].key.weight;
    Number numerator = denominator * tokens[t].value;
    for (std::size_t i = 0; i < t; ++i) {
      Number weight = tokens[i].key.weight;
      for (std::size_t passed = 0; passed < t - 1 - i; ++passed) weight /= ew;
      denominator += weight;
      numerator += weight * tokens[i].value;
    }
    EXPECT_EQ(rows[t][0], numerator / denominator) << t;
  }
}

std::vector<ScanToken<semantics::Rational>> scan_tokens(Draw& draw) {
  std::vector<ScanToken<semantics::Rational>> tokens;
  for (std::size_t j = 0; j < kTokens; ++j) {
    ScanToken<semantics::Rational> token{{}, draw.positive(), draw.several(3), draw.several(3), draw.any()};
    for (const Number& a : draw.features(3)) token.delta_a.push_back({a});
    tokens.push_back(token);
  }
  return tokens;
}

TEST(SelectiveScan, RecurrentAndClosedFormAgreeExactly) {
  Draw draw;
  const SelectiveScan<semantics::Rational> cell{kExact, draw.any()};
  expect_closed_form(
      cell, [&] { return cell.empty(3); }, scan_tokens(draw), 1);
}

// Tokens as maps, chained in two segments of every length, applied to any state.
TEST(SelectiveScan, IsTheChainOfItsTokensMapsInAnyBracketing) {
  Draw draw;
  const auto tokens = scan_tokens(draw);
  const SelectiveScan<semantics::Rational> cell{kExact, 0};
  const Vector start = draw.several(3);
  Vector stepped = start;
  for (const auto& token : tokens) cell.step(stepped, token);
  const auto chain = [&](std::size_t begin, std::size_t end) {
    auto map = cell.map_of(tokens[begin]);
    for (std::size_t j = begin + 1; j < end; ++j) chain_into(kExact, map, cell.map_of(tokens[j]));
    return map;
  };
  for (std::size_t cut = 1; cut < kTokens; ++cut) {
    auto map = chain(0, cut);
    chain_into(kExact, map, chain(cut, kTokens));
    Vector h = start;
    apply(kExact, map, h);
    EXPECT_EQ(h, stepped) << cut;
  }
}

// The query changes with the row, so nothing but re-reading gives every row.
TEST(AttentionCell, ReReadGivesEveryRowOfCausalAttention) {
  std::mt19937_64 random(5);
  struct Token {
    semantics::Rational::Score key;
    Vector value;
  };
  const ExactRow row = random_row(random, kTokens);
  std::vector<Token> tokens;
  for (std::size_t j = 0; j < kTokens; ++j) tokens.push_back({row.scores[j], row.values[j]});
  for (std::size_t t = 0; t < kTokens; ++t) {
    const Number query(static_cast<int>(t) + 2, 3);  // any function of query and key will do
    const auto score = [&](const Token& token) {
      return semantics::Rational::Score{token.key.weight + query};
    };
    ExactRow scored = row;
    for (auto& s : scored.scores) s.weight += query;
    const AttentionCell<semantics::Rational, decltype(score)> cell{kExact, score};
    Vector output(2);
    flip_book_row(cell, cell.empty(2), tokens, t, output);
    EXPECT_EQ(output, *by_definition(scored, (2U << t) - 1)) << t;
  }
}

}  // namespace
}  // namespace attest::attention
