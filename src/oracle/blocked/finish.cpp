#include "oracle/blocked/finish.hpp"

#include <algorithm>
#include <cmath>

#include "oracle/blocked/rounding.hpp"
#include "oracle/bound/bound_terms.hpp"

namespace attest::oracle::blocked {
namespace {

constexpr double kShare = 1.0 / 64;    // a radius may be this much of its bound
constexpr double kLoose = 1 - 0x1p-8;  // covers all f32 and f64 rounding of what only needs a lower estimate

// What a row's channels share.
struct Shares {
  double sink_weight = 0;  // w of the sink
  double l = 0, common = 0, spread_sum = 0;
  double factor = 1;                         // p_j <= w^_j / l^ times this
  double relative = 0;                       // error of l
  double numerator = 0, lost = 0;            // (rho o mu) + (rho o nu), eta_l
  double spread_error = 0, spread_lost = 0;  // of B: relative, absolute in units
  double spread_factor = 0;                  // B to at least sum p_j b_j |v'_j|
  double deviation_factor = 0;               // B to at most sum p_j |v'_j|
  double visible_factor = 0;                 // B to at most the largest visible |v'|
  double deviation_most = 0;                 // sum p_j b_j |v'_j| to at least sum p_j |v'_j|
};

Shares shares_of(const Envelope& e, const GroupScope& g, const RowTotals& totals) {
  Shares s;
  const RowTally& tally = totals.tally;
  if (g.sink) s.sink_weight = std::exp(*g.sink - totals.shift);
  const double sink_b = e.sink_common + (1 + e.sink_common) * e.mu;
  s.l = tally.weight.sum() + s.sink_weight;
  s.common = tally.common.sum() + s.sink_weight * e.sink_common;
  s.spread_sum = tally.spread.sum() + s.sink_weight * sink_b;
  const double n = g.processed;
  s.lost = up(n * kLostWeight / s.l);
  s.relative = up(compound(e.rho, gamma(n)) + s.lost);
  s.numerator = up((compound(e.rho, gamma(n + 2)) + compound(e.rho, gamma(n))) / (1 - s.relative));
  s.factor = up((1 + e.rho) / (1 - s.relative));
  const double tiles = std::ceil(n / static_cast<double>(kTileKeys));
  s.spread_error = 1.01 * 0x1p-24 * (static_cast<double>(kTileKeys) + tiles + 4);
  s.spread_lost = n * 0x1p-126;
  const double b_most = std::max(e.common_most + (1 + e.common_most) * e.mu, sink_b);
  s.spread_factor = up((1 + s.spread_error) / s.l * s.factor);
  s.deviation_factor = kLoose / (s.l * b_most);
  s.visible_factor = kLoose / s.spread_sum;
  // Scores lie at most es above M, which C2 (M - s) counts from.
  const double least_exponent = std::max(0.0, e.c.constant - up(e.c.score * 2 * e.score_error));
  const double least_b = down(e.mu + least_exponent);
  s.deviation_most = up(1 / (g.sink ? std::min(least_b, sink_b) : least_b));
  return s;
}

// The sums of one channel, sink included, and what follows from them.
struct Channel {
  double centre = 0;
  double lo = 0, radius = 0;   // o = centre + lo to within radius
  double out_abs = 0;          // at least |o|
  double out_least = 0;        // at most |o|
  double spread = 0;           // at least sum p_j b_j |v'_j|
  double spread_least = 0;     // at most sum p_j b_j |v'_j| over the keys
  double deviation = 0;        // at least sum p_j |v'_j|
  double deviation_least = 0;  // at most it
  double visible_least = 0;    // at most the largest visible |v'|
};

Channel channel_of(const Envelope& e, const HeadFacts& head, const RowTotals& totals, const Shares& s,
                   std::size_t c) {
  Channel ch;
  ch.centre = head.centre[c];
  const double centre_abs = std::fabs(ch.centre);
  const double sink_b = e.sink_common + (1 + e.sink_common) * e.mu;
  const double most = std::max(head.deviation[c], s.sink_weight > 0 ? centre_abs : 0);
  const double total =
      head.unit[c] * static_cast<double>(totals.spread[c]) + s.sink_weight * sink_b * centre_abs;
  const double lost = head.unit[c] * s.spread_lost;
  ch.lo = (totals.numerator[c] - s.sink_weight * ch.centre) / s.l;
  ch.spread = up((total + lost) * s.spread_factor);
  ch.deviation = std::min(most, ch.spread * s.deviation_most);  // T_c
  ch.radius = up(s.numerator * ch.deviation + s.lost * 4 * most + 4 * kU * std::fabs(ch.lo));
  const double sum = std::fabs(ch.centre + ch.lo);
  const double rounding = ch.radius + 4 * kU * (centre_abs + std::fabs(ch.lo));
  ch.out_abs = up(sum + rounding);
  ch.out_least = std::max(0.0, sum - rounding);
  const double least = std::max(0.0, total * kLoose - lost);
  const double of_keys = head.unit[c] * static_cast<double>(totals.spread[c]);
  ch.spread_least = std::max(0.0, of_keys * kLoose - lost) / s.l;
  ch.deviation_least = least * s.deviation_factor;
  ch.visible_least = least * s.visible_factor;
  return ch;
}

// What is at most A_j of a key under one alternative, from the a_j of the envelope: share (a_j damping -
// rest).
struct LeastCommon {
  double share = 0;    // of C3 |s^_j|
  double damping = 1;  // x_j >= a_j times this
  double rest = 0;     // the part of x_j that is not C3 |s^_j|

  LeastCommon(const Envelope& e, const Alternative& a, const RowTotals& totals)
      : damping(kLoose / (1 + e.curvature * e.exponent_most)),
        rest(up(totals.rest + e.c.magnitude * e.score_error)) {
    if (e.c.magnitude > 0) share = std::min(1.0, kLoose * a.least_per_magnitude / e.c.magnitude);
  }
};

// One alternative's bound on a channel, and whether a correct kernel may overflow there.
struct AlternativeBound {
  ChannelLine line;
  double common = 0, mu = 0, nu = 0;  // common: sum p_j A_j
  double n = 0, flushed = 0;          // flushed: values below it count as 0
  double centre = 0;                  // of the largest value
  LeastCommon least;

  AlternativeBound(const Envelope& e, const Alternative& a, const RowTotals& totals, double common_,
                   double kv_normal)
      : line(channel_line(a.terms, a.last)),
        common(common_),
        mu(a.terms.mu),
        nu(a.terms.nu),
        n(up(a.terms.row.n)),
        flushed(flushed_below(a.terms.c, kv_normal)),
        centre(largest_centre(a.terms)),
        least(e, a, totals) {}

  double bound(const Channel& ch, double value_max, bool& in_range) const {
    const double lost = (1 + mu) * std::min(flushed, value_max);
    const double weighted = ch.spread + common * (std::fabs(ch.lo) + ch.radius) +
                            (1 + common) * (mu * std::fabs(ch.centre) + nu * ch.out_abs + lost) +
                            (1 + common) * (mu + nu) * centre * value_max;
    const double value = value_max * (1 + centre);
    const ChannelSums sums{up(weighted), n * value, value, ch.out_abs + centre * value_max};
    const double result = line.bound(sums);
    in_range = in_range && line.in_range(sums, result);
    return result;
  }
};

double least_bound_of_channel(const Alternative& a, const Channel& ch) {
  const BoundTerms& t = a.least_terms;
  const double value = std::max(ch.out_least, ch.deviation_least - std::fabs(ch.centre));
  return kLoose * (t.mu * value + (t.nu + a.least_last.relative) * ch.out_least + a.least_last.absolute);
}

// The same as least_bound_of_channel with the errors of scores; the hull may leave less.
double least_bound_inside(const Envelope& e, const Alternative& a, const LeastCommon& least, double common,
                          const Channel& ch) {
  const double mu = a.least_terms.mu;
  const double theta = std::min(least.share * least.damping / (1 + e.mu), mu / e.mu);
  const double weighted = theta * ch.spread_least - up(least.share * least.rest * ch.deviation) -
                          up(common * (std::fabs(ch.lo) + ch.radius)) - up(mu * std::fabs(ch.centre));
  const double last = (a.least_terms.nu + a.least_last.relative) * ch.out_least + a.least_last.absolute;
  return kLoose * (std::max(0.0, weighted) + last);
}

// The row path's limit is at least this.
double informative_limit(const Channel& ch) {
  const double spread = ch.visible_least - std::fabs(ch.lo) - ch.radius;
  const double size = std::max(ch.out_least, ch.visible_least - std::fabs(ch.centre));
  return kLoose * std::max(spread / 4, size / 16);
}

bool finish_lse(const Envelope& e, const RowTotals& totals, const Shares& s, const SharpRow* sharp,
                DType stored, CertifiedValue& lse) {
  const double log_sum = std::log(s.l);
  lse.known = {totals.shift, log_sum, up(-std::log1p(-s.relative) + 4 * kU * std::fabs(log_sum))};
  lse.bound = lse.least_bound = 0;
  const double lse_abs = std::max(0.0, std::fabs(totals.shift + log_sum) - lse.known.radius) * kLoose;
  for (const Alternative& a : e.alternatives) {
    lse.bound = std::max(lse.bound, lse_bound(a.terms, lse.known, stored));
    const LeastCommon least(e, a, totals);
    const double scores =
        least.share * (totals.tally.common.sum() / s.l * kLoose * least.damping - least.rest);
    lse.least_bound = std::max(
        lse.least_bound, kLoose * (std::max(0.0, scores) + least_lse_bound(a.least_terms, lse_abs, stored)));
  }
  if (sharp != nullptr) lse.known = sharp->lse;
  return lse.bound < 1.0 / 16 && lse.known.radius <= lse.bound * kShare;
}

}  // namespace

void finish_row(Envelope& e, const GroupScope& group, const HeadFacts& head, const RowTotals& totals,
                const SharpRow* sharp, ValueSample& sample, DType lse, std::size_t v_dim, CertifiedRow& row) {
  row.usable = false;
  row.tier = sharp == nullptr ? Tier::f64 : Tier::double_double;
  if (sharp != nullptr && !sharp->usable) return;
  const double largest = group.sink ? std::max(totals.tally.largest, *group.sink) : totals.tally.largest;
  if (e.single_pass && !(largest >= -40)) return;
  const Shares s = shares_of(e, group, totals);
  if (!(s.relative < 0x1p-10 && s.spread_error < 0x1p-9 && std::isfinite(s.l))) return;
  const double common = up(s.common / s.l * s.factor);
  const double known_max = std::fabs(largest) + e.score_error;
  const double distance = totals.shift - largest;  // s_max is at most es from `largest`
  RowSums sums;
  sums.sum_lower = std::max(1.0, down(s.l * (1 - s.relative) * std::exp(distance - e.score_error)));
  sums.log_sum_upper = std::max(0.0, up(std::log(s.l * (1 + s.relative)) + distance + e.score_error));
  sums.common = common;
  for (Alternative& a : e.alternatives) {
    a.terms.row.max_abs_score = up(known_max);
    set_sums(a.terms, sums);
  }
  std::vector<AlternativeBound> bounds;
  for (const Alternative& a : e.alternatives) bounds.emplace_back(e, a, totals, common, group.kv_normal);
  row.out.resize(v_dim);
  for (std::size_t c = 0; c < v_dim; ++c) {
    const Channel ch = channel_of(e, head, totals, s, c);
    CertifiedValue& value = row.out[c];
    value = {sharp == nullptr ? Known{ch.centre, ch.lo, ch.radius} : sharp->out[c], 0, 0};
    bool in_range = true;
    for (std::size_t a = 0; a < bounds.size(); ++a) {
      value.bound = std::max(value.bound, bounds[a].bound(ch, head.value_max[c], in_range));
      value.least_bound = std::max(value.least_bound, least_bound_of_channel(e.alternatives[a], ch));
      value.least_bound_inside = std::max(
          value.least_bound_inside, least_bound_inside(e, e.alternatives[a], bounds[a].least, common, ch));
    }
    if (value.least_bound_inside > value.least_bound) {
      value.low = sample.low(c);
      value.high = sample.high(c);
    }
    // Values that are all 0 make a result of 0, and any finite bound says so.
    const bool zero = head.value_max[c] == 0 && value.bound < HUGE_VAL;
    const bool informative = zero || value.bound < informative_limit(ch) || value.bound < sample.limit(c);
    if (!in_range || !informative || !(value.known.radius <= value.bound * kShare)) return;
  }
  row.usable = finish_lse(e, totals, s, sharp, lse, row.lse);
}

}  // namespace attest::oracle::blocked
