// Scores, weights and weighted sums of one tile. Included once for every instruction set.
#if defined(ATTEST_DOUBLE_DOUBLE_LOOPS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef ATTEST_DOUBLE_DOUBLE_LOOPS_INL
#undef ATTEST_DOUBLE_DOUBLE_LOOPS_INL
#else
#define ATTEST_DOUBLE_DOUBLE_LOOPS_INL
#endif

#include <cstddef>

#include <hwy/highway.h>

#include "oracle/double_double/exp-inl.hpp"
#include "oracle/double_double/kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace attest::oracle::dd::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr std::size_t kWidth = hn::MaxLanes(Tag());

// 32 vector registers hold 24 or 16 halves of sums and what feeds them; 16 hold 8.
constexpr bool kWide = HWY_TARGET <= HWY_AVX3;
constexpr std::size_t kScoreRows = kWide ? 3 : 1;
constexpr std::size_t kScoreVectors = 4;
constexpr std::size_t kValueRows = kWide ? 4 : 2;
constexpr std::size_t kValueVectors = 2;

// kRows rows times four vectors of keys of one panel.
template <std::size_t kRows>
HWY_INLINE void score_tile(const double* q, std::size_t qk_dim, const double* panel, const Weighing* by,
                           double* to_hi, double* to_lo) {
  V h[kRows][kScoreVectors];
  V l[kRows][kScoreVectors];
#pragma GCC unroll 4
  for (std::size_t i = 0; i < kRows; ++i) {
#pragma GCC unroll 4
    for (std::size_t x = 0; x < kScoreVectors; ++x) {
      h[i][x] = constant(by[i].anchor);
      l[i][x] = hn::Zero(Tag());
    }
  }
  for (std::size_t c = 0; c < qk_dim; ++c) {
    V key[kScoreVectors];
#pragma GCC unroll 4
    for (std::size_t x = 0; x < kScoreVectors; ++x)
      key[x] = hn::LoadU(Tag(), panel + c * kPanelKeys + x * kWidth);
#pragma GCC unroll 4
    for (std::size_t i = 0; i < kRows; ++i) {
      const V query = constant(q[i * qk_dim + c]);
#pragma GCC unroll 4
      for (std::size_t x = 0; x < kScoreVectors; ++x) add_anchored(h[i][x], l[i][x], query, key[x]);
    }
  }
#pragma GCC unroll 4
  for (std::size_t i = 0; i < kRows; ++i) {
#pragma GCC unroll 4
    for (std::size_t x = 0; x < kScoreVectors; ++x) {
      hn::StoreU(h[i][x], Tag(), to_hi + i * kTileKeys + x * kWidth);
      hn::StoreU(l[i][x], Tag(), to_lo + i * kTileKeys + x * kWidth);
    }
  }
}

inline void tile_scores(const double* q, std::size_t rows, std::size_t qk_dim, const double* panels,
                        std::size_t first, std::size_t last, const Weighing* by, const TileScores& s) {
  static_assert(kPanelKeys % (kScoreVectors * kWidth) == 0);
  for (std::size_t panel = first; panel < last; ++panel) {
    const double* keys = panels + panel * qk_dim * kPanelKeys;
    for (std::size_t j = 0; j < kPanelKeys; j += kScoreVectors * kWidth) {
      const std::size_t at = panel * kPanelKeys + j;
      std::size_t i = 0;
      for (; i + kScoreRows <= rows; i += kScoreRows) {
        score_tile<kScoreRows>(q + i * qk_dim, qk_dim, keys + j, by + i, s.hi + i * kTileKeys + at,
                               s.lo + i * kTileKeys + at);
      }
      for (; i < rows; ++i) {
        score_tile<1>(q + i * qk_dim, qk_dim, keys + j, by + i, s.hi + i * kTileKeys + at,
                      s.lo + i * kTileKeys + at);
      }
    }
  }
}

// The scores of keys j ... of a row, from their sums of products; the high part is -infinity for hidden keys.
HWY_INLINE Pair completed(const ExpTable& table, const TileScores& s, const Weighing& by, std::size_t j) {
  const V dot = hn::Sub(hn::LoadU(Tag(), s.hi + j), constant(by.anchor));
  const Pair sum = two_sum(dot, hn::LoadU(Tag(), s.lo + j));
  const V scale = constant(by.scale);
  Pair score = two_product(scale, sum.hi);
  score.lo = fused(scale, sum.lo, score.lo);
  if (by.softcap != 0) {
    score = softcapped(table, score, by.softcap, by.twice_inverse_hi, by.twice_inverse_lo);
  }
  const Pair biased = two_sum(score.hi, hn::LoadU(Tag(), s.bias + j));
  score = {biased.hi, hn::Add(score.lo, biased.lo)};
  if (s.distance != nullptr) {
    const Pair alibi = two_product(constant(-by.slope), hn::LoadU(Tag(), s.distance + j));
    const Pair moved = two_sum(score.hi, alibi.hi);
    score = {moved.hi, hn::Add(score.lo, hn::Add(moved.lo, alibi.lo))};
  }
  return score;
}

HWY_INLINE TileScores row_of(const TileScores& s, std::size_t i) {
  const std::size_t at = i * kTileKeys;
  return {s.hi + at, s.lo + at, s.bias + at, s.distance == nullptr ? nullptr : s.distance + at};
}

inline void tile_largest(const TileScores& s, std::size_t rows, std::size_t first, std::size_t last,
                         const Weighing* by, Tally* tallies) {
  const ExpTable& table = exp_table();
  for (std::size_t i = 0; i < rows; ++i) {
    const TileScores row = row_of(s, i);
    V largest = constant(tallies[i].largest);
    for (std::size_t j = first * kPanelKeys; j < last * kPanelKeys; j += kWidth) {
      largest = hn::Max(largest, completed(table, row, by[i], j).hi);
    }
    tallies[i].largest = hn::GetLane(hn::MaxOfLanes(Tag(), largest));
  }
}

// The weights of one panel of one row.
HWY_INLINE double weigh_panel(const ExpTable& table, const TileScores& row, const Weighing& by,
                              std::size_t begin, Pair& sum) {
  V largest = hn::Zero(Tag());
  for (std::size_t j = begin; j < begin + kPanelKeys; j += kWidth) {
    const Pair score = completed(table, row, by, j);
    Pair x = two_sum(score.hi, constant(-by.shift));
    const auto counts = hn::Ge(x.hi, constant(kLowest));
    x.hi = hn::IfThenElseZero(counts, x.hi);
    x.lo = hn::IfThenElseZero(counts, hn::Add(x.lo, score.lo));
    Pair w = exponential(table, two_sum(x.hi, x.lo));
    w = {hn::IfThenElseZero(counts, w.hi), hn::IfThenElseZero(counts, w.lo)};
    hn::StoreU(w.hi, Tag(), row.hi + j);
    hn::StoreU(w.lo, Tag(), row.lo + j);
    largest = hn::Max(largest, w.hi);
    sum = add(sum, w);
  }
  return hn::GetLane(hn::MaxOfLanes(Tag(), largest));
}

inline void tile_weigh(const TileScores& s, std::size_t rows, std::size_t first, std::size_t last,
                       const Weighing* by, Tally* tallies, double* largest_weight) {
  const ExpTable& table = exp_table();
  for (std::size_t i = 0; i < rows; ++i) {
    const TileScores row = row_of(s, i);
    Tally& tally = tallies[i];
    Pair sum{hn::LoadU(Tag(), tally.hi.data()), hn::LoadU(Tag(), tally.lo.data())};
    for (std::size_t panel = first; panel < last; ++panel) {
      largest_weight[i * kPanels + panel] = weigh_panel(table, row, by[i], panel * kPanelKeys, sum);
    }
    hn::StoreU(sum.hi, Tag(), tally.hi.data());
    hn::StoreU(sum.lo, Tag(), tally.lo.data());
  }
}

// kRows rows times two vectors of channels, over the keys of one panel.
template <std::size_t kRows>
HWY_INLINE void value_tile(const double* weights_hi, const double* weights_lo, const double* values,
                           const Numerator& to, const double* anchors, std::size_t at, std::size_t c) {
  V h[kRows][kValueVectors];
  V l[kRows][kValueVectors];
  V start[kRows][kValueVectors];
#pragma GCC unroll 4
  for (std::size_t i = 0; i < kRows; ++i) {
#pragma GCC unroll 4
    for (std::size_t x = 0; x < kValueVectors; ++x) {
      const V unit = hn::LoadU(Tag(), to.units + c + x * kWidth);
      start[i][x] = hn::Max(hn::Mul(constant(anchors[i * kPanels]), unit), constant(kLowestAnchor));
      h[i][x] = start[i][x];
      l[i][x] = hn::Zero(Tag());
    }
  }
  for (std::size_t j = 0; j < kPanelKeys; ++j) {
    V value[kValueVectors];
#pragma GCC unroll 4
    for (std::size_t x = 0; x < kValueVectors; ++x)
      value[x] = hn::LoadU(Tag(), values + j * to.channels + c + x * kWidth);
#pragma GCC unroll 4
    for (std::size_t i = 0; i < kRows; ++i) {
      const V hi = constant(weights_hi[i * kTileKeys + j]);
      const V lo = constant(weights_lo[i * kTileKeys + j]);
#pragma GCC unroll 4
      for (std::size_t x = 0; x < kValueVectors; ++x) {
        add_anchored(h[i][x], l[i][x], hi, value[x]);
        l[i][x] = fused(lo, value[x], l[i][x]);
      }
    }
  }
#pragma GCC unroll 4
  for (std::size_t i = 0; i < kRows; ++i) {
#pragma GCC unroll 4
    for (std::size_t x = 0; x < kValueVectors; ++x) {
      double* hi = to.hi + at + i * to.channels + c + x * kWidth;
      double* lo = to.lo + at + i * to.channels + c + x * kWidth;
      const Pair sum = two_sum(hn::Sub(h[i][x], start[i][x]), l[i][x]);
      const Pair total = add({hn::LoadU(Tag(), hi), hn::LoadU(Tag(), lo)}, sum);
      hn::StoreU(total.hi, Tag(), hi);
      hn::StoreU(total.lo, Tag(), lo);
    }
  }
}

inline void tile_products(const TileScores& weights, std::size_t rows, const double* values,
                          std::size_t first, std::size_t last, const Numerator& to) {
  static_assert(kChannelStep % (kValueVectors * kWidth) == 0);
  for (std::size_t panel = first; panel < last; ++panel) {
    const std::size_t j = panel * kPanelKeys;
    const double* panel_values = values + j * to.channels;
    for (std::size_t c = 0; c < to.channels; c += kValueVectors * kWidth) {
      std::size_t i = 0;
      for (; i + kValueRows <= rows; i += kValueRows) {
        value_tile<kValueRows>(weights.hi + i * kTileKeys + j, weights.lo + i * kTileKeys + j, panel_values,
                               to, to.anchors + i * kPanels + panel, i * to.channels, c);
      }
      for (; i < rows; ++i) {
        value_tile<1>(weights.hi + i * kTileKeys + j, weights.lo + i * kTileKeys + j, panel_values, to,
                      to.anchors + i * kPanels + panel, i * to.channels, c);
      }
    }
  }
}

}  // namespace attest::oracle::dd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
