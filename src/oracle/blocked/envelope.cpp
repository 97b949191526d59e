#include "oracle/blocked/envelope.hpp"

#include <algorithm>
#include <cmath>

#include "oracle/blocked/rounding.hpp"
#include "oracle/bound/score_error.hpp"

namespace attest::oracle::blocked {
namespace {

constexpr double kSinglePassLimit = 40;

// Of ln(1 + A_j): where it may be larger the bound is useless, or norms are too crude.
constexpr double kLargestExponent = 4;

// Slack for the rounding of coefficients that are differences of two evaluations.
constexpr double kSlack = 0x1p-40;

// alpha_j as an affine function of what differs between keys.
struct AffineError {
  double constant = 0, norm = 0, magnitude = 0, term = 0;  // norm: of |q| |k_j|
  double most = 0;                                         // at the largest values
  double least_magnitude = 0;                              // at most `magnitude`, and the sharper error's
};

// Upper facts of a key whose |q| |k_j|, |t_j|, |b_j| and |slope distance_j| are at most these.
KeyFacts facts_of(const GroupScope& g, const HeadFacts& head, double norm, double magnitude, double bias,
                  double alibi) {
  KeyFacts key;
  key.dot_abs = norm;
  key.key_abs = head.key_sum;
  key.product = g.scale > 0 ? up(magnitude / g.scale) : 0;
  key.scaled = key.capped = magnitude;
  key.bias = bias;
  key.alibi = alibi;
  key.running = key.final = magnitude + bias + alibi;
  return key;
}

ScoreSetting setting_of(const Contract& c, const GroupScope& g, const HeadFacts& head) {
  return {.head = static_cast<const HeadTerms&>(g),
          .qk_dim = static_cast<double>(g.qk_dim),
          .biased = g.biased,
          .alibi = g.alibi,
          .query_abs = g.query_sum,
          .query_max = g.query_max,
          .key_max = head.key_max,
          .lambda = underflow_of(c),
          .span = g.span,
          .alibi_reach = up(std::fabs(g.slope) * g.span),
          .affine = true};
}

AffineError affine_error(const Contract& c, const GroupScope& g, const HeadFacts& head) {
  const ScoreError score(c, setting_of(c, g, head));
  const double flushed = up(flushed_score_input_below(c, g.q_normal) * head.key_sum +
                            flushed_score_input_below(c, g.kv_normal) * g.query_sum);
  const auto at = [&](double norm, double magnitude, double bias, double alibi) {
    return score.of(facts_of(g, head, norm, magnitude, bias, alibi), flushed, g.distance);
  };
  const double norm = up(g.query_norm * head.key_norm);
  const double magnitude = up(g.scale * norm);
  // Facts too small to divide by belong to the constant.
  const auto small = [](double most) { return most < 0x1p-500 ? most : 0; };
  const double constant = at(small(norm), small(magnitude), small(g.bias_abs), small(g.alibi_abs));
  const auto slope = [&](double most, double value) {
    return small(most) == most ? 0 : (value - constant + value * kSlack) / most;
  };
  AffineError error;
  error.constant = constant * (1 + kSlack);
  error.norm = slope(norm, at(norm, 0, 0, 0));
  error.magnitude = slope(magnitude, at(0, magnitude, 0, 0));
  error.term =
      std::max(slope(g.bias_abs, at(0, 0, g.bias_abs, 0)), slope(g.alibi_abs, at(0, 0, 0, g.alibi_abs)));
  error.most = up(at(norm, magnitude, g.bias_abs, g.alibi_abs));
  // Without softcap and terms the sharper error is affine too, and all of |t_j| meets the same roundings.
  if (g.softcap == 0 && !g.biased && !g.alibi && small(magnitude) != magnitude) {
    const double value = at(0, magnitude, 0, 0);
    error.least_magnitude = std::max(0.0, (value - at(0, 0, 0, 0) - value * kSlack) / magnitude);
  }
  return error;
}

bool in_range(const Contract& c, const GroupScope& g, const HeadFacts& head) {
  const ScoreError score(c, setting_of(c, g, head));
  const double norm = up(g.query_norm * head.key_norm);
  return inputs_in_range(c, g.scale, g.query_max, head.key_max) &&
         score.in_range(facts_of(g, head, norm, up(g.scale * norm), g.bias_abs, g.alibi_abs)) &&
         (!g.sink || sink_in_range(c, std::fabs(*g.sink)));
}

void widen(Coefficients& widest, const Coefficients& c) {
  widest.constant = std::max(widest.constant, c.constant);
  widest.norm = std::max(widest.norm, c.norm);
  widest.score = std::max(widest.score, c.score);
  widest.magnitude = std::max(widest.magnitude, c.magnitude);
  widest.term = std::max(widest.term, c.term);
}

void add_alternative(Envelope& e, const Contract& c, const GroupScope& g, const HeadFacts& head, DType out) {
  const AffineError error = affine_error(c, g, head);
  const double sink_abs = g.sink ? std::fabs(*g.sink) : 0;
  const double moved = g.alibi ? alibi_move(c, up(std::fabs(g.slope) * g.span), g.alibi_abs) : 0;
  const double sink_alpha = g.sink ? up(sink_error(c, sink_abs, underflow_of(c), moved)) : 0;
  RowScope row{g.n_most, g.span, g.sink.has_value(), std::max(error.most, sink_alpha), e.score_abs};
  row.largest_gap = 2 * e.score_abs;
  row.max_abs_score = e.score_abs;
  row.sink_excess = g.sink ? std::max(0.0, *g.sink + e.score_abs) : 0;
  row.moved = moved;
  row.norms = up(up(g.scale * up(g.query_norm * head.key_norm)) + g.bias_abs + g.alibi_abs + sink_abs);
  row.qk_dim = static_cast<double>(g.qk_dim);
  const BoundTerms terms = bound_terms(c, row);
  const RowScope least{g.n_least, g.span, g.sink.has_value()};
  const BoundTerms least_terms = bound_terms(c, least);
  e.alternatives.push_back({terms, last_roundings(terms, out), least_terms, last_roundings(least_terms, out),
                            error.least_magnitude});
  e.usable = e.usable && terms.denominator_in_range && in_range(c, g, head);
  const CommonLine& line = terms.common;
  // |t_j| and the gap are known from the computed score, which is off by es.
  const bool known = g.softcap == 0;
  const double by_score = known ? error.magnitude : 0;
  const double by_norm = error.norm + (known ? 0 : error.magnitude * g.scale);
  const double shifted = line.alpha * by_score * e.score_error + line.gap * 2 * e.score_error;
  widen(e.c, {up(line.constant + line.alpha * error.constant + shifted), up(line.alpha * by_norm),
              up(line.gap), up(line.alpha * by_score), up(line.alpha * error.term)});
  e.mu = std::max(e.mu, terms.mu);
  if (g.sink) e.sink_common = std::max(e.sink_common, up(std::expm1(line.at(sink_alpha, row.largest_gap))));
}

}  // namespace

void GroupScope::add(const RowTerms& row) {
  if (row.visible == 0) return;
  const auto n = static_cast<double>(row.visible) + (sink ? 1 : 0);
  n_most = std::max(n_most, n);
  n_least = n_least == 0 ? n : std::min(n_least, n);
  bias_abs = std::max(bias_abs, row.bias_abs);
  alibi_abs = std::max(alibi_abs, row.alibi_abs);
  terms_above = std::max(terms_above, up(row.bias_above + row.alibi_above));
  distance = std::max(distance, row.distance);
}

Envelope envelope_of(const ContractSet& contract, const GroupScope& g, const HeadFacts& head, DType out) {
  Envelope e;
  const double product = up(g.scale * up(g.query_norm * head.key_norm));
  const double capped = g.softcap == 0 ? product : std::min(product, up(g.softcap));
  const double keys_abs = up(product + g.bias_abs + g.alibi_abs);
  const double scores_abs = up(capped + g.bias_abs + g.alibi_abs);
  const auto d = static_cast<double>(g.qk_dim);
  e.score_abs = g.sink ? std::max(scores_abs, std::fabs(*g.sink)) : scores_abs;
  e.score_error =
      up(gamma(d + 4) * keys_abs + kSoftcapError * g.softcap + (d + head.key_sum + 8) * 0x1p-1074);
  e.single_pass =
      capped + g.terms_above <= kSinglePassLimit && (!g.sink || std::fabs(*g.sink) <= kSinglePassLimit);
  // Weights farther than 720 below the shift are lost, which is counted apart.
  const double rounded = e.single_pass ? 0 : kU * std::min(2.0 * e.score_abs, 720.0);
  e.rho = up(std::expm1(e.score_error + rounded) * (1 + kExpError) + kExpError);
  const bool cappable = g.softcap == 0 || (g.softcap > 0x1p-500 && g.softcap < 0x1p500);
  e.usable = head.usable && cappable && g.n_least > 0 && keys_abs < 0x1p300 && e.rho < 0x1p-20 &&
             g.processed < 0x1p20;
  if (!e.usable) return e;
  for (const Contract& alternative : contract.alternatives) add_alternative(e, alternative, g, head, out);
  const Coefficients& c = e.c;
  const double most = c.constant + c.norm * up(g.query_norm * head.key_norm) + c.score * 2 * e.score_abs +
                      (c.magnitude + c.term) * keys_abs + c.magnitude * (g.bias_abs + g.alibi_abs);
  // (expm1(x) - x) / x^2 increases, and is below 0.51 at 0.01, where its evaluation is still sharp.
  const double x = std::max(most, 0.01);
  e.curvature = up((std::expm1(x) - x) / (x * x));
  e.exponent_most = most;
  e.common_most = up(most + e.curvature * most * most);
  e.usable = e.usable && most <= kLargestExponent;
  return e;
}

}  // namespace attest::oracle::blocked
