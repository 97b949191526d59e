// The cells, with tokens from a case's integers: one description a cell, for every kind of number.
#pragma once

#include <rapidcheck.h>

#include "attention/cells/flip_book.hpp"
#include "attention/cells/linear_attention.hpp"
#include "attention/cells/retention.hpp"
#include "attention/cells/selective_scan.hpp"
#include "attention/cells/wkv.hpp"

namespace attest::properties {

/// Integers in [-20, 20], kInts of them a token. Small numbers of either sign and zeros make a term that is
/// missing, doubled or decayed once too often visible.
struct CellCase {
  std::vector<std::vector<int>> tokens;
  unsigned cuts = 0;  ///< bit j ends a segment after token j

  friend void showValue(const CellCase& c, std::ostream& os) {
    for (const auto& token : c.tokens) rc::show(token, os);
    os << " cuts " << c.cuts;
  }
};
inline constexpr std::size_t kInts = 8;

/// 1 to 7 tokens, cut anywhere.
inline rc::Gen<CellCase> any_cell_case() {
  const auto token = rc::gen::container<std::vector<int>>(kInts, rc::gen::inRange(-20, 21));
  const auto tokens =
      rc::gen::suchThat(rc::gen::mapcat(rc::gen::inRange(1, 8),
                                        [=](int n) {
                                          return rc::gen::container<std::vector<std::vector<int>>>(
                                              static_cast<std::size_t>(n), token);
                                        }),
                        [](const auto& all) { return !all.empty(); });
  return rc::gen::build<CellCase>(rc::gen::set(&CellCase::tokens, tokens),
                                  rc::gen::set(&CellCase::cuts, rc::gen::inRange(0U, 128U)));
}

template <class W>
struct LinearCase {
  static constexpr std::size_t kOutputs = 2;
  using A = typename W::A;
  using Token = attention::LinearToken<A>;
  using Cell = attention::LinearAttention<A>;
  static Cell cell(const W& w) { return {w.k}; }
  static auto empty(const Cell& cell) { return cell.empty(2, kOutputs); }
  static Token token(const W& w, const std::vector<int>& n) {
    const auto feature = [&](int i) { return w.value(std::abs(i) + 1); };
    return {{feature(n[0]), feature(n[1])}, {feature(n[2]), feature(n[3])}, {w.value(n[4]), w.value(n[5])}};
  }
};

template <class W>
struct RetentionCase {
  static constexpr std::size_t kOutputs = 2;
  using A = typename W::A;
  using Token = attention::RetentionToken<A>;
  using Cell = attention::Retention<A>;
  static Cell cell(const W& w) { return {w.k, w.value(7)}; }
  static auto empty(const Cell& cell) { return cell.empty(2, kOutputs); }
  static Token token(const W& w, const std::vector<int>& n) {
    return {{w.value(n[0]), w.value(n[1])}, {w.value(n[2]), w.value(n[3])}, {w.value(n[4]), w.value(n[5])}};
  }
};

template <class W>
struct WkvCase {
  static constexpr std::size_t kOutputs = 1;
  using A = typename W::A;
  using Token = attention::WkvToken<A>;
  using Cell = attention::Wkv<A>;
  static Cell cell(const W& w) { return {w.k, w.score(3), w.score(5)}; }
  static auto empty(const Cell& cell) { return cell.empty(); }
  static Token token(const W& w, const std::vector<int>& n) { return {w.score(n[0]), w.value(n[1])}; }
};

/// The scan, with its state as the map of a segment, so that segments merge.
template <semantics::Guards A>
struct ScanSegments {
  const A& k;
  attention::SelectiveScan<A> cell;

  template <class Token>
  void step(attention::Affine<A>& segment, const Token& token) const {
    merge_into(segment, cell.map_of(token));
  }
  template <class Token, class Output>
  void emit(attention::Affine<A>& segment, const Token& token, Output&& output) const {
    cell.emit(segment.b, token, output);
    for (std::size_t n = 0; n < segment.a.size(); ++n)
      segment.a[n] = k.mul(segment.a[n], k.exp(token.delta_a[n]));
  }
  void merge_into(attention::Affine<A>& into, const attention::Affine<A>& later) const {
    chain_into(k, into, later);
  }
  template <class Tokens, class Output>
  void closed_form(const Tokens& tokens, std::size_t t, Output&& output) const {
    cell.closed_form(tokens, t, output);
  }
};

template <class W>
struct ScanCase {
  static constexpr std::size_t kOutputs = 1;
  using A = typename W::A;
  using Token = attention::ScanToken<A>;
  using Cell = ScanSegments<A>;
  static Cell cell(const W& w) { return {w.k, {w.k, w.value(6)}}; }
  static attention::Affine<A> empty(const Cell& cell) {
    return {{cell.k.one(), cell.k.one()}, {cell.k.zero(), cell.k.zero()}};
  }
  static Token token(const W& w, const std::vector<int>& n) {
    return {{w.score(-std::abs(n[0])), w.score(-std::abs(n[1]))},
            w.value(std::abs(n[2]) + 1),
            {w.value(n[3]), w.value(n[4])},
            {w.value(n[5]), w.value(n[6])},
            w.value(n[7])};
  }
};

}  // namespace attest::properties
