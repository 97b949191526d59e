#include "oracle/blocked/group.hpp"

#include <algorithm>
#include <cmath>

#include "oracle/blocked/rounding.hpp"

namespace attest::oracle::blocked {
namespace {

// Scores of invisible keys lie so far below any shift that their weight is lost (counted in kLostWeight).
constexpr double kInvisible = 800;

std::size_t padded(std::size_t n, std::size_t step) { return (n + step - 1) / step * step; }

}  // namespace

Group::Group(const Problem& problem, const ContractSet& contract, const HeadFacts& head, std::int64_t b,
             std::int64_t h, std::span<const std::int64_t> rows)
    : problem_(problem),
      head_(head),
      terms_(problem, b, h),
      b_(b),
      h_(h),
      rows_(rows.begin(), rows.end()),
      padded_rows_(padded(rows.size(), kRowStep)),
      channels_(padded(static_cast<std::size_t>(problem.v_dim()), kChannelStep)),
      queries_(hwy::AllocateAligned<double>(padded_rows_ * static_cast<std::size_t>(problem.qk_dim()))),
      numerator_(hwy::AllocateAligned<double>(padded_rows_ * channels_)),
      spread_(hwy::AllocateAligned<float>(padded_rows_ * channels_)) {
  std::fill_n(numerator_.get(), padded_rows_ * channels_, 0.0);
  std::fill_n(spread_.get(), padded_rows_ * channels_, 0.0F);
  static_cast<HeadTerms&>(scope_) = head_terms(problem, h);
  scale_ = scope_.scale;
  scope_.scale = std::fabs(scale_);
  scope_.qk_dim = problem.qk_dim();
  scope_.span = static_cast<double>(keys_of(problem, b));
  scope_.biased = problem.bias.has_value();
  scope_.alibi = problem.alibi_slopes.has_value();
  load_queries();
  range_ = {problem.kv_len(), 0};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    row_terms_[i] = terms_.row(rows[i]);
    scope_.add(row_terms_[i]);
    if (row_terms_[i].visible == 0) continue;
    range_.begin = std::min(range_.begin, row_terms_[i].range.begin);
    range_.end = std::max(range_.end, row_terms_[i].range.end);
  }
  // Every tile pads its keys to whole panels.
  const double keys = static_cast<double>(std::max<std::int64_t>(range_.end - range_.begin, 0));
  scope_.processed = keys + 2 * static_cast<double>(kTileKeys) + 1;
  envelope_ = envelope_of(contract, scope_, head, problem.q.dtype());
  if (!envelope_.usable) range_ = {};
  for (std::size_t i = 0; i < rows.size(); ++i) set_weighing(i);
}

void Group::load_queries() {
  const auto d = static_cast<std::size_t>(problem_.qk_dim());
  std::fill_n(queries_.get(), padded_rows_ * d, 0.0);
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    double* q = queries_.get() + i * d;
    load_row(problem_.q, b_, h_, rows_[i], q);
    const double norm = norm_above(q, problem_.qk_dim());
    finite_[i] = norm < 0x1p400;
    if (!finite_[i]) {
      std::fill_n(q, d, 0.0);
      continue;
    }
    query_norm_[i] = norm;
    scope_.query_norm = std::max(scope_.query_norm, norm);
    double sum = 0;
    for (std::size_t c = 0; c < d; ++c) {
      sum += std::fabs(q[c]);
      scope_.query_max = std::max(scope_.query_max, std::fabs(q[c]));
      q[c] *= scale_;
    }
    scope_.query_sum = std::max(scope_.query_sum, up(sum));
  }
}

void Group::set_weighing(std::size_t row) {
  const Coefficients& c = envelope_.c;
  Weighing& by = weighing_[row];
  const double norm = query_norm_[row];
  double product = up(scope_.scale * up(norm * head_.key_norm));
  if (scope_.softcap != 0) product = std::min(product, up(scope_.softcap));
  double above = up(product + row_terms_[row].bias_above + row_terms_[row].alibi_above);
  if (needs_largest())
    above = up(tally_[row].largest + envelope_.score_error + std::fabs(tally_[row].largest) * 0x1p-30);
  if (scope_.sink) above = std::max(above, *scope_.sink);
  if (needs_largest())
    by.shift = scope_.sink ? std::max(tally_[row].largest, *scope_.sink) : tally_[row].largest;
  by.constant = up(c.constant + c.score * (above + 0x1p-40 * envelope_.score_abs));
  by.per_norm = up(c.norm * norm);
  by.per_score = c.score;
  by.per_magnitude = c.magnitude;
  by.per_term = up(c.term + c.magnitude);
  by.curvature = envelope_.curvature;
  by.mu = envelope_.mu;
}

Group::Span Group::span_in(std::int64_t tile_begin) const {
  const auto width = static_cast<std::int64_t>(kTileKeys);
  const auto panel = static_cast<std::int64_t>(kPanelKeys);
  const std::int64_t first = std::clamp<std::int64_t>(range_.begin - tile_begin, 0, width);
  const std::int64_t last = std::clamp<std::int64_t>(range_.end - tile_begin, 0, width);
  if (first >= last) return {};
  return {static_cast<std::size_t>(first / panel), static_cast<std::size_t>((last + panel - 1) / panel)};
}

void Group::complete_scores(std::size_t row, const Span& span, std::int64_t tile_begin,
                            GroupScratch& scratch) const {
  double* s = scratch.scores.get() + row * kTileKeys + span.begin();
  double* terms = scratch.terms.get() + row * kTileKeys + span.begin();
  if (scope_.softcap != 0) softcaps(s, span.end() - span.begin(), scope_.softcap);
  terms_.apply(rows_[row], row_terms_[row], tile_begin + static_cast<std::int64_t>(span.begin()),
               static_cast<std::int64_t>(span.end() - span.begin()), weighing_[row].shift - kInvisible, s,
               terms);
}

void Group::find_largest(const Tile& tile, std::int64_t tile_begin, GroupScratch& scratch) {
  const Span span = span_in(tile_begin);
  if (span.first_panel == span.last_panel) return;
  scores(queries_.get(), padded_rows_, tile.qk_dim, tile.panels.get(), span.first_panel, span.last_panel,
         scratch.scores.get());
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    weighing_[i].shift = -1e300;
    complete_scores(i, span, tile_begin, scratch);
    const double* s = scratch.scores.get() + i * kTileKeys;
    tally_[i].largest = std::max(tally_[i].largest, largest_score(s, span.begin(), span.end()));
    set_weighing(i);
  }
}

void Group::add(const Tile& tile, std::int64_t tile_begin, GroupScratch& scratch) {
  const Span span = span_in(tile_begin);
  if (span.first_panel == span.last_panel) return;
  scores(queries_.get(), padded_rows_, tile.qk_dim, tile.panels.get(), span.first_panel, span.last_panel,
         scratch.scores.get());
  for (std::size_t i = 0; i < rows_.size(); ++i) complete_scores(i, span, tile_begin, scratch);
  weigh(scratch.scores.get(), scratch.spread.get(), tile.norms.get(),
        terms_.any() ? scratch.terms.get() : nullptr, weighing_.data(), rows_.size(), span.begin(),
        span.end(), tally_.data());
  for (std::size_t i = rows_.size(); i < padded_rows_; ++i) {
    std::fill_n(scratch.scores.get() + i * kTileKeys, kTileKeys, 0.0);
    std::fill_n(scratch.spread.get() + i * kTileKeys, kTileKeys, 0.0F);
  }
  add_products(scratch.scores.get(), padded_rows_, tile.values.get(), channels_, span.begin(), span.end(),
               numerator_.get());
  add_products(scratch.spread.get(), padded_rows_, tile.deviations.get(), channels_, span.begin(), span.end(),
               spread_.get());
}

void Group::finish(std::size_t i, const SharpRow* sharp, CertifiedRow& to) {
  to.usable = false;
  if (!envelope_.usable || !finite_[i] || row_terms_[i].visible == 0) return;
  const Weighing& by = weighing_[i];
  const double rest = up(by.constant + by.per_norm * head_.key_norm +
                         by.per_score * (envelope_.score_abs + envelope_.score_error));
  const RowTotals totals{tally_[i], numerator_.get() + i * channels_, spread_.get() + i * channels_, by.shift,
                         rest};
  ValueSample sample(problem_, b_, h_, rows_[i], row_terms_[i].range);
  finish_row(envelope_, scope_, head_, totals, sharp, sample, problem_.lse_dtype(),
             static_cast<std::size_t>(problem_.v_dim()), to);
}

}  // namespace attest::oracle::blocked
