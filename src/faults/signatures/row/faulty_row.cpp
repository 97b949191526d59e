#include "faults/signatures/row/faulty_row.hpp"

#include <numbers>

#include "faults/signatures/row/faulty_scores.hpp"
#include "faults/signatures/row/kernel_exponents.hpp"
#include "faults/signatures/row/narrow_sums.hpp"
#include "faults/signatures/row/row_place.hpp"
#include "faults/signatures/row/seen_keys.hpp"
#include "faults/signatures/row/tile_weights.hpp"

namespace attest::faults {
namespace {

using Index = std::int64_t;
constexpr double kMaskFill = -1e4;
constexpr Index kManyRows = 1040;

std::optional<FaultyRow> with_nan_of_first_tile(const RowPlace& at) {
  if (at.n == 0) return std::nullopt;
  const std::vector<Index> keys = oracle::visible_keys(at.p, at.b, at.h, at.i);
  if (!keys.empty() && keys.front() < at.tile) return std::nullopt;
  return all_nan(at);
}

// Keys past the end score 0 where nothing masks at head dim 128.
std::optional<FaultyRow> with_unguarded_tail(const RowPlace& at) {
  const Problem& p = at.p;
  const bool masked = p.mask || p.causal != Causal::none || p.window_left != -1 || p.window_right != -1;
  if (masked || p.qk_dim() != 128) return std::nullopt;
  return with_zero_keys(at, at.tiles() * at.tile - at.n);
}

std::optional<FaultyRow> with_zero_output(const RowPlace& at) {
  FaultyRow made{at.row().row, {}, {}};
  made.out.assign(static_cast<std::size_t>(at.p.v_dim()), 0);
  return made;
}

// The output of another row; the lse stays.
std::optional<FaultyRow> with_transposed_rows(const RowPlace& at) {
  const Index heads = at.p.q_heads();
  const Index rows = at.p.q_len();
  if (heads == 1 || rows == 1) return std::nullopt;
  const Index place = at.i * heads + at.h;
  FaultyRow made{oracle::gather_row(at.p, at.b, place / rows, place % rows), {}, {}};
  made.lse_known = false;
  return made;
}

std::optional<FaultyRow> with_repeated_row(const RowPlace& at) {
  const Index rows = at.p.q_len();
  if (rows < kManyRows || at.i / at.tile != (rows - 1) / at.tile) return std::nullopt;
  return FaultyRow{oracle::gather_row(at.p, at.b, at.h, kManyRows - 1), {}, {}};
}

std::optional<FaultyRow> with_other_keys(const RowPlace& at, KernelFault fault) {
  const Problem& p = at.p;
  switch (fault) {
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
    case KernelFault::tail_scores_zero_d128:
      return with_unguarded_tail(at);
    case KernelFault::tail_values_read:
      return with_hidden_values(at, false);
    case KernelFault::window_values_read:
      return p.window_left == -1 ? std::nullopt : with_hidden_values(at, true);
    case KernelFault::softcap_after_mask:
      return p.softcap == 0 ? std::nullopt : with_hidden_keys(at, -p.softcap);
    case KernelFault::mask_fill_finite:
      return with_hidden_keys(at, kMaskFill);
    case KernelFault::nan_masked_tile:
      return with_nan_of_first_tile(at);
    case KernelFault::empty_split_uninitialised:
      return splits_seen(at).empty > 0 ? std::optional(all_nan(at)) : std::nullopt;
    case KernelFault::empty_split_lse_zero:
      return with_zero_keys(at, splits_seen(at).empty);
    default:
      return with_other_causality(at, fault);
  }
}

std::optional<FaultyRow> with_other_scores(const RowPlace& at, KernelFault fault) {
  switch (fault) {
    case KernelFault::initial_max_zero:
      return with_initial_maximum(at, 0);
    case KernelFault::initial_max_minus_1e4:
      return with_initial_maximum(at, -1e4);
    case KernelFault::initial_max_finite:
      return with_initial_maximum(at, -5e4);
    case KernelFault::initial_max_minus_1e30:
      return with_initial_maximum(at, -1e30);
    case KernelFault::values_mean:
      return with_no_scores(at);
    case KernelFault::score_rounded_f16:
      return with_rounded_products(at);
    case KernelFault::softcap_after_bias:
      return with_softcap_after_bias(at);
    case KernelFault::sink_base_2:
      return with_scaled_sink(at, std::numbers::ln2_v<long double>);
    case KernelFault::sink_scaled:
      return with_scaled_sink(at, static_cast<long double>(at.p.scale));
    case KernelFault::sink_of_empty_split:
      return with_sink_of_empty_split(at);
    case KernelFault::exp2_rounded_maximum:
      return with_rounded_maximum(at);
    case KernelFault::rescale_contracted:
      return with_contracted_rescale(at);
    case KernelFault::lazy_rescale_of_group:
      return with_shared_references(at);
    default:
      return with_other_keys(at, fault);
  }
}

}  // namespace

std::optional<FaultyRow> faulty_row(SeenRows& rows, const Hypothesis& hypothesis, Index b, Index h, Index i) {
  const Problem& p = rows.problem();
  const RowPlace at{p, b, h, i, oracle::keys_of(p, b), oracle::position_of(p, b, i), hypothesis.tile, rows};
  switch (hypothesis.fault) {
    case KernelFault::zeros:
      return with_zero_output(at);
    case KernelFault::rows_transposed:
      return with_transposed_rows(at);
    case KernelFault::last_rows_repeated:
      return with_repeated_row(at);
    case KernelFault::accumulate_f16:
    case KernelFault::accumulate_bf16:
      return with_narrow_sums(at.row(), at.scores(), hypothesis);
    case KernelFault::rescale_skipped:
    case KernelFault::rescale_numerator_skipped:
    case KernelFault::rescale_denominator_skipped:
    case KernelFault::divides_in_loop:
    case KernelFault::lse_base2_merged:
    case KernelFault::exp_constant:
    case KernelFault::exp_range:
      return with_tile_weights(at.row(), at.scores(), hypothesis, at.n);
    default:
      return with_other_scores(at, hypothesis.fault);
  }
}

}  // namespace attest::faults
