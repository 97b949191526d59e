#include "faults/signatures/row/seen_keys.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "faults/signatures/row/tile_weights.hpp"

namespace attest::faults {
namespace {

using Index = std::int64_t;
using Keys = std::vector<Index>;
constexpr Index kSplits = 4;
// Of the kernel whose key tiles are wider than its row tiles.
constexpr Index kShortRows = 4096, kWideTileRows = 512, kWideTileKeys = 768;

// Whether nothing but causality may hide key j, which exists.
bool seen_but_for_causality(const RowPlace& at, Index j) {
  const Problem& p = at.p;
  if (p.window_left != -1 && at.pos - j > p.window_left) return false;
  if (p.window_right != -1 && j - at.pos > p.window_right) return false;
  if (p.mask && p.mask->at({at.b, at.h, at.i, j}) == 0) return false;
  return !p.bias || p.bias->at({at.b, at.h, at.i, j}) != -HUGE_VAL;
}

// The row with keys up to this one, if that is further than its position.
std::optional<FaultyRow> with_limit(const RowPlace& at, Index limit) {
  Keys keys = oracle::visible_keys(at.p, at.b, at.h, at.i);
  const std::size_t before = keys.size();
  for (Index j = std::max<Index>(at.pos + 1, 0); j <= std::min(limit, at.n - 1); ++j) {
    if (seen_but_for_causality(at, j)) keys.push_back(j);
  }
  if (keys.size() == before) return std::nullopt;
  return attention_on(at.row(std::move(keys)));
}

// Key tiles are taken in pairs; this row's tile meets one that lies past it.
bool meets_future_tile(const RowPlace& at) {
  if (at.p.q_len() <= kShortRows) return false;
  const Index last_row = std::min((at.i / kWideTileRows + 1) * kWideTileRows, at.p.q_len()) - 1;
  const Index end = at.pos + last_row - at.i + 1;
  if (end <= 0) return false;
  const Index tiles = (end + kWideTileKeys - 1) / kWideTileKeys;
  return tiles % 2 == 1 && tiles * kWideTileKeys < at.n;
}

}  // namespace

std::optional<FaultyRow> with_other_causality(const RowPlace& at, KernelFault fault) {
  if (at.p.causal == Causal::none) return std::nullopt;
  const bool middle = at.i == (at.p.q_len() - 1) / 2;
  switch (fault) {
    case KernelFault::causal_key_ahead:
      return with_limit(at, at.pos + 1);
    case KernelFault::causal_key_ahead_tile_rows:
      return at.i % at.tile == at.tile - 1 ? with_limit(at, at.pos + 1) : std::nullopt;
    case KernelFault::causal_key_ahead_last_tile:
      return at.tile_of(at.pos + 1) == at.tiles() - 1 ? with_limit(at, at.pos + 1) : std::nullopt;
    case KernelFault::causal_key_ahead_one_row:
      return middle ? with_limit(at, at.pos + 1) : std::nullopt;
    case KernelFault::causal_four_rows:
      return with_limit(at, at.pos + 3 - at.i % 4);
    case KernelFault::causal_dropped_one_row:
      return middle ? with_limit(at, at.n) : std::nullopt;
    case KernelFault::causal_offset_unsigned:
      return at.p.causal == Causal::bottom_right && at.pos < 0 ? with_limit(at, at.n) : std::nullopt;
    case KernelFault::causal_wide_key_tile:
      return meets_future_tile(at) ? without_key(at, at.pos) : std::nullopt;
    default:
      return std::nullopt;
  }
}

std::optional<FaultyRow> without_key(const RowPlace& at, Index j) {
  Keys keys = oracle::visible_keys(at.p, at.b, at.h, at.i);
  const auto found = std::find(keys.begin(), keys.end(), j);
  if (found == keys.end()) return std::nullopt;
  keys.erase(found);
  return attention_on(at.row(std::move(keys)));
}

std::optional<FaultyRow> with_hidden_keys(const RowPlace& at, double score) {
  KeyRow made = at.row();
  const Keys seen = made.keys;
  if (static_cast<Index>(seen.size()) == at.n) return std::nullopt;
  for (Index j = 0; j < at.n; ++j) {
    if (!std::binary_search(seen.begin(), seen.end(), j)) made.append(j, score, value_of(at, j));
  }
  return attention_on(std::move(made));
}

std::optional<FaultyRow> with_zero_keys(const RowPlace& at, Index count) {
  if (count <= 0) return std::nullopt;
  KeyRow made = at.row();
  for (Index k = 0; k < count; ++k) made.append(-1, 0);
  return attention_on(std::move(made));
}

SplitsSeen splits_seen(const RowPlace& at) {
  const Index splits = std::min<Index>(kSplits, at.tiles());
  if (splits < 2) return {};
  std::vector<bool> seen(static_cast<std::size_t>(splits), false);
  for (const Index j : oracle::visible_keys(at.p, at.b, at.h, at.i)) {
    seen[static_cast<std::size_t>(split_of(at.tile_of(j), at.tiles(), splits))] = true;
  }
  return {std::count(seen.begin(), seen.end(), false), !seen.front()};
}

std::optional<FaultyRow> with_hidden_values(const RowPlace& at, bool left) {
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  FaultyRow made{at.row().row, {}, {}};
  if (made.row.keys == 0) return std::nullopt;
  std::vector<double> out(static_cast<std::size_t>(at.p.v_dim()), 0);
  std::size_t poisoned = 0;
  for (Index j = 0; j < std::min(at.tiles() * at.tile, at.p.kv_len()); ++j) {
    const bool read = j >= at.n || (left && at.p.window_left != -1 && at.pos - j > at.p.window_left);
    if (!read) continue;
    const std::vector<double> value = value_of(at, j);
    for (std::size_t c = 0; c < out.size(); ++c) {
      if (std::isfinite(value[c]) || std::isnan(out[c])) continue;
      out[c] = kNaN;
      ++poisoned;
    }
  }
  if (poisoned == 0) return std::nullopt;
  // The other channels are those of the row itself; only where none is left is the output known as a whole.
  if (poisoned == out.size())
    made.out = std::move(out);
  else
    made.certain = false;
  return made;
}

}  // namespace attest::faults
