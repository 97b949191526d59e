#include "oracle/double_double/group.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "oracle/blocked/head.hpp"
#include "oracle/blocked/rounding.hpp"
#include "oracle/double_double/limits.hpp"
#include "oracle/double_double/logarithm.hpp"

namespace attest::oracle::dd {
namespace {

using blocked::up;

constexpr double kU2 = kU * kU;
constexpr double kMostScore = 250;  // exp of it, and of its negative, leaves room on both sides

// The least power of two above x; of anything below 2^-1000, that.
double power_above(double x) { return std::ldexp(1.0, std::ilogb(std::max(x, 0x1p-1000)) + 1); }

// A sum of at most n terms whose magnitudes add up to at most 2^(k-2), beside the anchor 1.5 * 2^k, is off by
// at most 2^k times this.
double anchored_error(double n) { return kU2 * (n + 2) * (n + 2); }

}  // namespace

Group::Group(const Head& head, std::size_t rows)
    : head_(head),
      rows_(rows),
      channels_(head.channels()),
      keys_(rows),
      query_norm_(rows),
      magnitude_(rows),
      reach_(rows),
      weighing_(rows),
      tally_(rows),
      anchors_(rows * kPanels),
      anchored_(rows),
      queries_(zeros(rows * head.qk_dim)),
      numerator_hi_(zeros(rows * channels_)),
      numerator_lo_(zeros(rows * channels_)),
      units_(zeros(channels_)) {}

void Group::set_row(std::size_t i, const double* q, double keys, double terms) {
  const double norm = blocked::norm_above(q, static_cast<std::int64_t>(head_.qk_dim));
  if (keys == 0 || !(norm < kMostNorm)) return;  // its query stays 0, finish() declines it
  keys_[i] = keys;
  query_norm_[i] = norm;
  std::copy_n(q, head_.qk_dim, queries_.get() + i * head_.qk_dim);
  const double product = up(std::fabs(head_.scale) * up(norm * head_.key_norm));
  magnitude_[i] = up(product + terms);
  reach_[i] = up((head_.softcap == 0 ? product : std::min(product, up(head_.softcap))) + terms);
}

void Group::start() {
  double largest_value = 0;
  for (const double value : head_.value_max) largest_value = std::max(largest_value, value);
  double most = 0;
  double reach = 0;
  double keys = 0;
  const double sink = head_.sink.value_or(0);
  usable_ = head_.key_norm < kMostNorm && largest_value < kMostValue && factor_in_range(head_.scale) &&
            factor_in_range(head_.softcap);
  if (!usable_) return;
  for (std::size_t i = 0; i < rows_; ++i) {
    Weighing& by = weighing_[i];
    by.anchor = 1.5 * 4 * power_above(up(query_norm_[i] * head_.key_norm));
    by.scale = head_.scale;
    by.softcap = head_.softcap;
    if (by.softcap != 0) {
      by.twice_inverse_hi = twice_inverse(by.softcap)[0];
      by.twice_inverse_lo = twice_inverse(by.softcap)[1];
    }
    by.slope = head_.slope.value_or(0);
    most = std::max(most, magnitude_[i]);
    reach = std::max(reach, reach_[i]);
    keys += keys_[i];
  }
  for (std::size_t c = 0; c < head_.v_dim; ++c) units_[c] = power_above(head_.value_max[c]);
  usable_ = keys > 0 && most < kMostTerms;
  needs_largest_ = usable_ && !(reach <= kMostScore && std::fabs(sink) <= kMostScore);
}

TileScores Group::scores_in(Scratch& scratch) const {
  return {scratch.hi.get(), scratch.lo.get(), scratch.bias.get(),
          head_.slope ? scratch.distance.get() : nullptr};
}

void Group::set_scores(const Tile& tile, std::size_t first, std::size_t last, Scratch& scratch) const {
  scores(queries_.get(), rows_, head_.qk_dim, tile.panels.get(), first, last, weighing_.data(),
         scores_in(scratch));
}

void Group::find_largest(const Tile& tile, std::size_t first, std::size_t last, Scratch& scratch) {
  set_scores(tile, first, last, scratch);
  dd::find_largest(scores_in(scratch), rows_, first, last, weighing_.data(), tally_.data());
  for (std::size_t i = 0; i < rows_; ++i) {
    weighing_[i].shift = std::max(tally_[i].largest, head_.sink.value_or(-HUGE_VAL));
  }
}

void Group::add(const Tile& tile, std::size_t first, std::size_t last, Scratch& scratch) {
  set_scores(tile, first, last, scratch);
  weigh(scores_in(scratch), rows_, first, last, weighing_.data(), tally_.data(), anchors_.data());
  for (std::size_t i = 0; i < rows_; ++i) {
    for (std::size_t panel = first; panel < last; ++panel) {
      double& anchor = anchors_[i * kPanels + panel];
      anchor = 1.5 * 4 * static_cast<double>(kPanelKeys) * power_above(anchor);
      anchored_[i] += anchor;
    }
  }
  panels_ += static_cast<double>(last - first);
  add_products(scores_in(scratch), rows_, tile.values.get(), first, last,
               {numerator_hi_.get(), numerator_lo_.get(), channels_, anchors_.data(), units_.get()});
}

// |computed s_j - m - (exact s_j - m)| for every key of row i.
double Group::score_error(std::size_t i) const {
  const auto d = static_cast<double>(head_.qk_dim);
  const double anchor = weighing_[i].anchor / 1.5;
  const double product = std::fabs(head_.scale) * (anchor * anchored_error(d) + d * 0x1p-1074);
  const double rounding = 32 * kU2 * (magnitude_[i] + std::fabs(weighing_[i].shift));
  return up(product + rounding + 64 * kU2 * head_.softcap + kTiny);
}

void Group::finish(std::size_t i, SharpRow& to) const {
  to.usable = false;
  if (!usable_ || keys_[i] == 0) return;
  const double shift = weighing_[i].shift;
  Double2 l;
  for (std::size_t lane = 0; lane < kLanes; ++lane) l = dd::add(l, {tally_[i].hi[lane], tally_[i].lo[lane]});
  if (head_.sink) {
    const Double2 x = two_sum(*head_.sink, -shift);
    std::array<double, kLanes> x_hi{x.hi};
    std::array<double, kLanes> x_lo{x.lo};
    if (x.hi >= kLowest) {
      exponentials(x_hi.data(), x_lo.data(), x_hi.data(), x_lo.data(), kLanes);
      l = dd::add(l, {x_hi[0], x_lo[0]});
    }
  }
  if (!(l.hi > 0x1p-400)) return;
  const double farthest = std::min(-kLowest, 2 * (reach_[i] + std::fabs(head_.sink.value_or(0))));
  const double es = score_error(i);
  const double common = up(std::expm1(es) * (1 + 0x1p-50) + exp_error(farthest));  // of every weight
  if (!(common < 0x1p-30)) return;
  const double summed = panels_ * static_cast<double>(kPanelKeys);
  const double lost = up((summed + 1) * kLostWeight / l.hi);
  const double sum_error = up(4 * kU2 * (summed + 16));
  const double relative = up((common + lost + sum_error) * (1 + 0x1p-20));  // of l
  const Logarithm log = logarithm(l);
  if (!log.usable) return;
  const Double2 lse = two_sum(shift, log.y);
  to.lse = {
      lse.hi, lse.lo + log.z,
      up(relative * (1 + 0x1p-20) + log.error + 4 * kU2 * (std::fabs(shift) + std::fabs(log.y)) + kTiny)};
  to.out.resize(head_.v_dim);
  for (std::size_t c = 0; c < head_.v_dim; ++c) {
    const std::size_t at = i * channels_ + c;
    const Double2 o = divide({numerator_hi_[at], numerator_lo_[at]}, l);
    const double value = head_.value_max[c];
    const double anchored =
        anchored_[i] / 1.5 * units_[c] * anchored_error(static_cast<double>(kPanelKeys)) + panels_ * kTiny;
    const double numerator = up(anchored / l.hi + 4 * kU2 * panels_ * value);
    to.out[c] = {
        o.hi, o.lo,
        up((2 * common + 2 * lost + sum_error + 32 * kU2) * value * (1 + 0x1p-20) + numerator + kTiny)};
  }
  to.usable = true;
}

}  // namespace attest::oracle::dd
