#include "faults/faulty_row.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "faults/narrow_sums.hpp"
#include "faults/tile_weights.hpp"
#include "numerics/format.hpp"
#include "oracle/visible.hpp"
#include "problem/dtype.hpp"

namespace attest {
namespace {

using Index = std::int64_t;
using Keys = std::vector<Index>;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kMaskFill = -1e4;
constexpr double kInitialMax = -5e4;
constexpr int kSplits = 4;

struct Place {
  const Problem& p;
  Index b, h, i, n, pos;
  int tile;

  KeyRow row(Keys keys) const { return key_row(p, b, h, i, std::move(keys)); }
  KeyRow row() const { return row(visible_keys(p, b, h, i)); }
  Index tile_of(Index j) const { return j / tile; }
  Index tiles() const { return (n + tile - 1) / tile; }
};

std::optional<FaultyRow> attention_on(KeyRow made) {
  return FaultyRow{std::move(made.row), {}, {}, true, std::move(made.rounding)};
}

FaultyRow all_nan(const Place& at) {
  FaultyRow made{at.row().row, {}, {}};
  made.out.assign(static_cast<std::size_t>(at.p.v_dim()), kNaN);
  made.lse = kNaN;
  return made;
}

// The key after the row's position, where nothing but causality hides it.
std::optional<FaultyRow> with_key_ahead(const Place& at) {
  const Problem& p = at.p;
  const Index j = at.pos + 1;
  if (p.causal == Causal::none || j < 0 || j >= at.n) return std::nullopt;
  if (p.window_right != -1 && p.window_right < 1) return std::nullopt;
  if (p.mask && p.mask->at({at.b, at.h, at.i, j}) == 0) return std::nullopt;
  if (p.bias && p.bias->at({at.b, at.h, at.i, j}) == -HUGE_VAL) return std::nullopt;
  Keys keys = visible_keys(p, at.b, at.h, at.i);
  keys.insert(std::upper_bound(keys.begin(), keys.end(), j), j);
  return attention_on(at.row(std::move(keys)));
}

std::optional<FaultyRow> without_key(const Place& at, Index j) {
  Keys keys = visible_keys(at.p, at.b, at.h, at.i);
  const auto found = std::find(keys.begin(), keys.end(), j);
  if (found == keys.end()) return std::nullopt;
  keys.erase(found);
  return attention_on(at.row(std::move(keys)));
}

std::vector<double> value_of(const Place& at, Index j) {
  std::vector<double> value;
  for (Index c = 0; c < at.p.v_dim(); ++c) value.push_back(at.p.v.at({at.b, kv_head_of(at.p, at.h), j, c}));
  return value;
}

// Keys that exist and are not seen, with this score.
std::optional<FaultyRow> with_hidden_keys(const Place& at, double score) {
  KeyRow made = at.row();
  const Keys seen = made.keys;
  if (static_cast<Index>(seen.size()) == at.n) return std::nullopt;
  for (Index j = 0; j < at.n; ++j) {
    if (!std::binary_search(seen.begin(), seen.end(), j)) made.append(j, score, value_of(at, j));
  }
  return attention_on(std::move(made));
}

std::optional<FaultyRow> with_zero_keys(const Place& at, Index count) {
  if (count <= 0) return std::nullopt;
  KeyRow made = at.row();
  for (Index k = 0; k < count; ++k) made.append(-1, 0);
  return attention_on(std::move(made));
}

// Splits of consecutive tiles; empty ones have no visible key.
Index empty_splits(const Place& at) {
  const Index splits = std::min<Index>(kSplits, at.tiles());
  if (splits < 2) return 0;
  std::vector<bool> seen(static_cast<std::size_t>(splits), false);
  for (const Index j : visible_keys(at.p, at.b, at.h, at.i)) {
    seen[static_cast<std::size_t>(split_of(at.tile_of(j), at.tiles(), splits))] = true;
  }
  return std::count(seen.begin(), seen.end(), false);
}

std::optional<FaultyRow> with_nan_of_first_tile(const Place& at) {
  if (at.n == 0) return std::nullopt;
  const Keys keys = visible_keys(at.p, at.b, at.h, at.i);
  if (!keys.empty() && keys.front() < at.tile) return std::nullopt;
  return all_nan(at);
}

// Poison in the tail of the last tile.
std::optional<FaultyRow> with_tail_values(const Place& at) {
  const Index end = std::min(at.tiles() * at.tile, at.p.kv_len());
  FaultyRow made{at.row().row, {}, {}};
  bool any = false;
  std::vector<double> out(static_cast<std::size_t>(at.p.v_dim()), 0);
  for (Index j = at.n; j < end; ++j) {
    const std::vector<double> value = value_of(at, j);
    for (std::size_t c = 0; c < out.size(); ++c) {
      if (std::isfinite(value[c])) continue;
      out[c] = kNaN;
      any = true;
    }
  }
  if (!any || made.row.keys == 0) return std::nullopt;
  // The other channels are those of the row itself; only where none is left is the output known as a whole.
  if (std::any_of(out.begin(), out.end(), [](double x) { return !std::isnan(x); })) return std::nullopt;
  made.out = std::move(out);
  return made;
}

std::optional<FaultyRow> with_finite_initial_max(const Place& at) {
  const KeyRow seen = at.row();
  if (seen.size() == 0) return std::nullopt;
  const std::vector<long double> scores = scores_of(seen.row);
  const bool wide = at.p.q.dtype() == DType::f64 || at.p.k.dtype() == DType::f64;
  // Weights below the smallest subnormal are 0.
  const double reach = wide ? 745.2 : 103.98;
  if (*std::max_element(scores.begin(), scores.end()) >= static_cast<long double>(kInitialMax - reach)) {
    return std::nullopt;
  }
  return attention_on(at.row(Keys{}));
}

std::optional<FaultyRow> with_no_scores(const Place& at) {
  KeyRow made = at.row();
  if (made.size() == 0 && !made.row.sink) return std::nullopt;
  made.row.scale = made.row.softcap = made.row.slope = 0;
  made.row.bias.clear();
  made.row.distance.clear();
  made.row.sink.reset();
  return attention_on(std::move(made));
}

std::optional<FaultyRow> with_zero_output(const Place& at) {
  FaultyRow made{at.row().row, {}, {}};
  made.out.assign(static_cast<std::size_t>(at.p.v_dim()), 0);
  return made;
}

// A product beyond f16 is infinite: the score hides its key, or the row is NaN, unless softcap makes it
// finite.
std::optional<FaultyRow> with_rounded_products(const Place& at) {
  const KeyRow seen = at.row();
  const std::vector<long double> products = products_of(seen.row);
  std::vector<long double> shifts;
  Keys kept;
  for (std::size_t n = 0; n < products.size(); ++n) {
    const double rounded = representable(DType::f16, static_cast<double>(products[n]));
    const long double score = capped(seen.row, static_cast<long double>(rounded));
    if (score == -HUGE_VALL) continue;
    if (!std::isfinite(score)) return all_nan(at);
    kept.push_back(seen.keys[n]);
    shifts.push_back(score - capped(seen.row, products[n]));
  }
  KeyRow made = at.row(std::move(kept));
  for (std::size_t n = 0; n < shifts.size(); ++n) made.shift_score(n, shifts[n]);
  return attention_on(std::move(made));
}

// The output of another row; the lse stays.
std::optional<FaultyRow> with_transposed_rows(const Place& at) {
  const Index heads = at.p.q_heads();
  const Index rows = at.p.q_len();
  if (heads == 1 || rows == 1) return std::nullopt;
  const Index place = at.i * heads + at.h;
  FaultyRow made{gather_row(at.p, at.b, place / rows, place % rows), {}, {}};
  made.lse_known = false;
  return made;
}

std::optional<FaultyRow> with_key_ahead_where(const Place& at, KernelFault fault) {
  const bool here =
      fault == KernelFault::causal_key_ahead ||
      (fault == KernelFault::causal_key_ahead_tile_rows && at.i % at.tile == at.tile - 1) ||
      (fault == KernelFault::causal_key_ahead_last_tile && at.tile_of(at.pos + 1) == at.tiles() - 1) ||
      (fault == KernelFault::causal_key_ahead_one_row && at.i == (at.p.q_len() - 1) / 2);
  return here ? with_key_ahead(at) : std::nullopt;
}

}  // namespace

std::optional<FaultyRow> faulty_row(const Problem& p, const Hypothesis& hypothesis, Index b, Index h,
                                    Index i) {
  const Place at{p, b, h, i, keys_of(p, b), position_of(p, b, i), hypothesis.tile};
  switch (hypothesis.fault) {
    case KernelFault::causal_key_ahead:
    case KernelFault::causal_key_ahead_tile_rows:
    case KernelFault::causal_key_ahead_last_tile:
    case KernelFault::causal_key_ahead_one_row:
      return with_key_ahead_where(at, hypothesis.fault);
    case KernelFault::window_own_token:
      return p.window_left == -1 && p.window_right == -1 ? std::nullopt : without_key(at, at.pos);
    case KernelFault::window_oldest_token:
      // pos - limit may overflow where there is no such key.
      if (p.window_left == -1 || p.window_left > at.pos) return std::nullopt;
      return without_key(at, at.pos - p.window_left);
    case KernelFault::key0_dropped:
      return without_key(at, 0);
    case KernelFault::tail_scores_zero:
      return with_zero_keys(at, at.tiles() * at.tile - at.n);
    case KernelFault::tail_values_read:
      return with_tail_values(at);
    case KernelFault::softcap_after_mask:
      return p.softcap == 0 ? std::nullopt : with_hidden_keys(at, -p.softcap);
    case KernelFault::mask_fill_finite:
      return with_hidden_keys(at, kMaskFill);
    case KernelFault::nan_masked_tile:
      return with_nan_of_first_tile(at);
    case KernelFault::initial_max_finite:
      return with_finite_initial_max(at);
    case KernelFault::empty_split_uninitialised:
      return empty_splits(at) > 0 ? std::optional(all_nan(at)) : std::nullopt;
    case KernelFault::empty_split_lse_zero:
      return with_zero_keys(at, empty_splits(at));
    case KernelFault::values_mean:
      return with_no_scores(at);
    case KernelFault::zeros:
      return with_zero_output(at);
    case KernelFault::score_rounded_f16:
      return with_rounded_products(at);
    case KernelFault::rows_transposed:
      return with_transposed_rows(at);
    case KernelFault::accumulate_f16:
    case KernelFault::accumulate_bf16:
      return with_narrow_sums(at.row(), hypothesis);
    default:
      return with_tile_weights(at.row(), hypothesis, at.n);
  }
}

}  // namespace attest
