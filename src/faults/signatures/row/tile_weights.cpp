#include "faults/signatures/row/tile_weights.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace attest::faults {
namespace {

using Real = long double;
constexpr Real kLog2E = std::numbers::log2e_v<Real>;
constexpr Real kShortConstant = 1.443L * std::numbers::ln2_v<Real>;  // log2(e) to 4 digits
constexpr Real kLeastExponent = -10;
constexpr Real kNegligible = 600;  // nats: a double holds the exponential of it, and its inverse
constexpr std::int64_t kSplits = 4;

// The state after each tile that holds a visible key. Maxima are without the sink, which is merged at the
// end.
struct Pass {
  std::vector<Real> scores;          // [keys]
  std::vector<std::size_t> tile_at;  // [keys]: which of the tiles below
  std::vector<std::int64_t> tiles;   // their numbers, ascending
  std::vector<Real> highest;         // running maximum after each
  std::vector<Real> denominator;     // l after each, relative to its maximum

  Real last() const { return highest.back(); }
};

Pass pass_over(const KeyRow& row, const std::vector<Real>& scores, int tile) {
  Pass pass;
  pass.scores = scores;
  for (std::size_t n = 0; n < row.size(); ++n) {
    const std::int64_t number = row.keys[n] / tile;
    if (pass.tiles.empty() || pass.tiles.back() != number) {
      pass.tiles.push_back(number);
      pass.highest.push_back(pass.highest.empty() ? pass.scores[n] : pass.highest.back());
    }
    pass.tile_at.push_back(pass.tiles.size() - 1);
    pass.highest.back() = std::max(pass.highest.back(), pass.scores[n]);
  }
  Real l = 0;
  std::size_t n = 0;
  for (std::size_t t = 0; t < pass.tiles.size(); ++t) {
    if (t > 0) l *= std::exp(pass.highest[t - 1] - pass.highest[t]);
    for (; n < row.size() && pass.tile_at[n] == t; ++n) l += std::exp(pass.scores[n] - pass.highest[t]);
    pass.denominator.push_back(l);
  }
  return pass;
}

// Factors that were left out count for keys of tiles before the last rise of the maximum.
void skip_rescale(KeyRow& row, const Pass& pass, KernelFault fault) {
  for (std::size_t n = 0; n < row.size(); ++n) {
    const Real excess = pass.last() - pass.highest[pass.tile_at[n]];
    if (excess == 0) continue;
    if (fault == KernelFault::rescale_numerator_skipped) {
      // Beyond this the key's share of the denominator, and so what the shift changes of it, is no number.
      const Real scaled = std::min(excess, kNegligible);
      row.scale_value(n, std::exp(scaled));
      row.shift_score(n, excess - scaled);
      continue;
    }
    row.shift_score(n, excess);
    if (fault == KernelFault::rescale_denominator_skipped) row.scale_value(n, std::exp(-excess));
  }
}

Real highest_of_all(const KeyRow& row, const Pass& pass) {
  return row.row.sink ? std::max(pass.last(), static_cast<Real>(*row.row.sink)) : pass.last();
}

// The numerator is divided after each tile and never again, so an earlier key meets several denominators. A
// sink joins at the end, when the numerator is a quotient already.
void divide_in_loop(KeyRow& row, const Pass& pass) {
  std::vector<Real> later(pass.tiles.size() + 1, 1);
  for (std::size_t t = pass.tiles.size(); t-- > 0;) later[t] = later[t + 1] / pass.denominator[t];
  // The whole denominator, relative to the maximum that the merge with the sink ends at.
  const Real top = highest_of_all(row, pass);
  Real whole = pass.denominator.back() * std::exp(pass.last() - top);
  if (row.row.sink) whole += std::exp(static_cast<Real>(*row.row.sink) - top);
  for (std::size_t n = 0; n < row.size(); ++n) {
    row.scale_value(n, whole * later[pass.tile_at[n]], pass.tiles.size() + 1);
  }
}

// exp(lse_i log2(e)) in place of exp(lse_i).
void merge_in_wrong_base(KeyRow& row, const Pass& pass, std::int64_t all_tiles) {
  const std::int64_t splits = std::min(kSplits, all_tiles);
  if (splits < 2) return;
  const auto split_at = [&](std::size_t n) {
    return static_cast<std::size_t>(split_of(pass.tiles[pass.tile_at[n]], all_tiles, splits));
  };
  std::vector<Real> highest(static_cast<std::size_t>(splits), -HUGE_VALL);
  std::vector<Real> sums(static_cast<std::size_t>(splits), 0);
  for (std::size_t n = 0; n < row.size(); ++n) {
    Real& most = highest[split_at(n)];
    most = std::max(most, pass.scores[n]);
  }
  for (std::size_t n = 0; n < row.size(); ++n)
    sums[split_at(n)] += std::exp(pass.scores[n] - highest[split_at(n)]);
  for (std::size_t n = 0; n < row.size(); ++n) {
    const std::size_t split = split_at(n);
    row.shift_score(n, (highest[split] + std::log(sums[split])) * (kLog2E - 1));
  }
}

void use_short_constant(KeyRow& row, const Pass& pass) {
  const Real top = highest_of_all(row, pass);
  for (std::size_t n = 0; n < row.size(); ++n) {
    row.shift_score(n, (kShortConstant - 1) * (pass.scores[n] - top));
  }
  if (row.row.sink) {
    row.set_sink(top + kShortConstant * (static_cast<Real>(*row.row.sink) - top));
  }
}

// Every exponential is cut off, those of the rescales and of the merge with the sink as well.
void cut_exponentials(KeyRow& row, const Pass& pass) {
  const auto cut = [](Real x) { return std::max(x, kLeastExponent); };
  const Real top = highest_of_all(row, pass);
  const bool merged = row.row.sink.has_value();
  for (std::size_t n = 0; n < row.size(); ++n) {
    const std::size_t at = pass.tile_at[n];
    Real exponent = cut(pass.scores[n] - pass.highest[at]);
    for (std::size_t t = at + 1; t < pass.tiles.size(); ++t) {
      if (pass.highest[t] > pass.highest[t - 1]) exponent += cut(pass.highest[t - 1] - pass.highest[t]);
    }
    if (merged) exponent += cut(pass.last() - top);
    row.shift_score(n, exponent - (pass.scores[n] - top));
  }
  if (merged) row.set_sink(top + cut(static_cast<Real>(*row.row.sink) - top));
}

}  // namespace

std::int64_t split_of(std::int64_t tile, std::int64_t tiles, std::int64_t splits) {
  std::int64_t split = tile * splits / tiles;
  while ((split + 1) * tiles / splits <= tile) ++split;
  while (split * tiles / splits > tile) --split;
  return split;
}

std::optional<FaultyRow> with_tile_weights(KeyRow row, const std::vector<long double>& scores,
                                           const Hypothesis& hypothesis, std::int64_t keys) {
  if (row.size() == 0) return std::nullopt;
  const int tile = hypothesis.tile == 0 ? 16 : hypothesis.tile;
  const Pass pass = pass_over(row, scores, tile);
  switch (hypothesis.fault) {
    case KernelFault::rescale_skipped:
    case KernelFault::rescale_numerator_skipped:
    case KernelFault::rescale_denominator_skipped:
      if (pass.highest.front() == pass.last()) return std::nullopt;
      skip_rescale(row, pass, hypothesis.fault);
      break;
    case KernelFault::divides_in_loop:
      if (pass.tiles.size() == 1 && !row.row.sink) return std::nullopt;
      divide_in_loop(row, pass);
      break;
    case KernelFault::lse_base2_merged:
      merge_in_wrong_base(row, pass, (keys + tile - 1) / tile);
      break;
    case KernelFault::exp_constant:
      use_short_constant(row, pass);
      break;
    case KernelFault::exp_range:
      cut_exponentials(row, pass);
      break;
    default:
      return std::nullopt;
  }
  return FaultyRow{std::move(row.row), {}, {}, true, std::move(row.rounding)};
}

}  // namespace attest::faults
