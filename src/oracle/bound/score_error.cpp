#include "oracle/bound/score_error.hpp"

#include <algorithm>
#include <cmath>

#include "oracle/bound/bound_terms.hpp"
#include "oracle/contract/questions.hpp"

namespace attest::oracle {
namespace {

double g(double u, double h) { return growth_of(u, h); }

double max_abs(const std::vector<double>& values) {
  double largest = 0;
  for (const double x : values) largest = std::max(largest, std::fabs(x));
  return largest;
}

double sum_abs(const std::vector<double>& values) {
  double sum = 0;
  for (const double x : values) sum += std::fabs(x);
  return sum;
}

// Roundings that one product of a dot product of length d can meet, its own included.
double dot_depth(const Sum& sum, double d) {
  return sum.order == Order::block_fma ? d + std::ceil(d / sum.width) : d;
}

// Error of one cast of a value of at most `magnitude` that is already off by `alpha`.
double cast_error(const Contract& c, const Cast& to, double magnitude, double alpha) {
  return to.unit_roundoff() * (magnitude + alpha) + underflow_error(to, c.underflow);
}

// Terms lost when subnormal q and k count as zero.
double flushed_inputs(const Contract& c, const Row& row, std::int64_t j) {
  const double omega = flushed_score_input_below(c);
  if (omega == 0) return 0;
  const double* key = row.k.data() + j * row.qk_dim;
  double lost = 0;
  for (std::int64_t i = 0; i < row.qk_dim; ++i) {
    const double q = std::fabs(row.q[static_cast<std::size_t>(i)]);
    const double k = std::fabs(key[i]);
    if (q < omega || k < omega) lost += q * k;
  }
  return lost;
}

// softcap * tanh(x / softcap): one division, the tanh, one product.
double softcap_error(const Contract& c, const ScoreSetting& s, double magnitude) {
  const double u = c.score.unit_roundoff();
  const double moved = magnitude * (1 + g(u, 2));
  const double capped = s.affine ? moved : s.softcap * std::min(1.0, moved / s.softcap);
  return magnitude * g(u, 2) + compound(c.tanh.relative, u) * capped +
         s.softcap * (c.tanh.absolute * (1 + u) + s.lambda) + 2 * s.lambda;
}

// The error of one key's score, stage by stage.
class Walk {
 public:
  Walk(const Contract& contract, const ScoreSetting& setting, const KeyFacts& key, double flushed,
       double distance)
      : c_(contract),
        s_(setting),
        key_(key),
        flushed_(flushed),
        distance_(distance),
        u_(contract.score.unit_roundoff()) {}

  double over(const Stages& stages) {
    for (const Stage& stage : stages) take(stage);
    return alpha_;
  }

 private:
  void take(const Stage& stage) {
    switch (stage.step) {
      case Step::cast:
        return cast(stage);
      case Step::quantise:
        query_absolute_ += query_block_error(s_.scale, s_.query_max);
        return;
      case Step::dot:
        return dot();
      case Step::scale:
        return;  // counted with q.k: it may multiply q, or q and k, before
      case Step::cap:
        alpha_ += softcap_error(c_, s_, key_.scaled + alpha_);
        return;
      case Step::convert:
        return convert(stage.of);
      case Step::multiply:
        alpha_ += g(u_, alibi_roundings_) * key_.alibi + alibi_roundings_ * s_.lambda;
        if (alibi_roundings_ > 1) alpha_ += s_.lambda * distance_;  // of the slope, magnified
        return;
      case Step::add:
        return add();
      case Step::to_base_two:
        // It multiplies each term or their sum.
        alpha_ += g(u_, 3) * (key_.capped + key_.bias + key_.alibi + alpha_) + 3 * s_.lambda;
        return;
    }
  }

  void cast(const Stage& stage) {
    const auto on_score = [&](double magnitude) { alpha_ += cast_error(c_, stage.to, magnitude, alpha_); };
    switch (stage.of) {
      case Quantity::query:
        return query_cast(stage.to);
      case Quantity::product:
        // Before the scale, and magnified by it.
        alpha_ += (1 + g(u_, 2)) * s_.scale *
                  cast_error(c_, stage.to, key_.product, s_.scale > 0 ? alpha_ / s_.scale : 0);
        return;
      case Quantity::scaled:
        return on_score(key_.capped);
      case Quantity::bias:
      case Quantity::alibi:
        alpha_ += cast_error(c_, stage.to, stage.of == Quantity::bias ? key_.bias : key_.alibi, 0);
        return;
      case Quantity::score:
      case Quantity::sink:
        return on_score(key_.final);
    }
  }

  // Before or after q is multiplied by the scale; the dot product's own roundings follow.
  void query_cast(const Cast& to) {
    query_relative_ += to.unit_roundoff() * s_.scale * key_.dot_abs;
    query_absolute_ +=
        std::max(1.0, s_.scale) * underflow_error(*to.format, Rounding::toward_zero, c_.underflow);
  }

  // scale * q.k. The scale may multiply q first in any case, which may underflow.
  void dot() {
    const double lambda = s_.lambda;
    // sqrt(scale) on both sides: two rounded constants (3u between them) and two products.
    const double h = dot_depth(c_.score, s_.qk_dim) + (c_.scale_both ? 5 : 2);
    const double growth = 1 + g(u_, h);
    const double query = growth * (query_relative_ + (lambda + query_absolute_) * key_.key_abs);
    alpha_ = g(u_, h) * s_.scale * key_.dot_abs + query +
             (2 * s_.qk_dim * std::max(1.0, s_.scale) * lambda + s_.scale * flushed_) * growth + 2 * lambda;
    if (c_.scale_both) {
      alpha_ +=
          lambda * std::sqrt(s_.scale) * (key_.key_abs + s_.query_abs) * growth + s_.qk_dim * lambda * lambda;
    }
  }

  void convert(Quantity of) {
    if (of == Quantity::alibi)
      alibi_roundings_ += 2;  // slope and distance
    else
      alpha_ += u_ * key_.bias + s_.lambda;
  }

  // Each addition rounds its sum; under flushing it may also lose an operand and the result.
  void add() {
    if (s_.biased) alpha_ += u_ * (key_.running + alpha_) + 2 * s_.lambda;
    if (s_.alibi) alpha_ += u_ * (key_.running + alpha_) + 2 * s_.lambda;
  }

  const Contract& c_;
  const ScoreSetting& s_;
  const KeyFacts& key_;
  double flushed_, distance_, u_;
  double query_relative_ = 0, query_absolute_ = 0;  // of a channel of q; the relative part per sum |q k|
  double alibi_roundings_ = 1;
  double alpha_ = 0;
};

}  // namespace

// q -> q8_0: x becomes d n, n the integer nearest to x / d', d the f16 nearest to d' = max|x| / 127 of its
// block. Half a step, d' / 2 <= max|q| / 254, and 127 steps of d's rounding, 2^-11 each; three f32 roundings
// of x / d' move it by less than 127 * 3 * 2^-24 steps, which the last factor covers. A subnormal d is off by
// 2^-25.
double query_block_error(double scale, double query_max) {
  const double relative = scale * query_max * (1.0 / 254 + 0x1p-11) * (1 + 0x1p-13);
  return relative + std::max(1.0, scale) * 127 * 0x1p-25;
}

double flushed_score_input_below(const Contract& c) {
  return c.underflow == Underflow::flush_inputs ? c.score.format.min_normal() : 0;
}

ScoreError::ScoreError(const Contract& contract, const ScoreSetting& setting)
    : contract_(contract),
      setting_(setting),
      stages_(score_stages(contract, {setting.softcap != 0, setting.biased, setting.alibi})),
      largest_(largest_score(contract)) {}

double ScoreError::of(const KeyFacts& key, double flushed, double distance) const {
  return Walk(contract_, setting_, key, flushed, distance).over(stages_);
}

bool ScoreError::in_range(const KeyFacts& key) const {
  const double u = contract_.score.unit_roundoff();
  const double h = dot_depth(contract_.score, setting_.qk_dim);
  // log2(e) < 1.5 covers base-2 scores.
  const double grown =
      1.5 * ((1 + g(u, h + 6)) * std::max(1.0, setting_.scale) * key.dot_abs + key.bias + key.alibi);
  return grown < largest_;
}

double sink_error(const Contract& c, double sink_abs, double lambda) {
  const double u = c.score.unit_roundoff();
  double alpha = 0;
  for (const Stage& stage : sink_stages(c)) {
    if (stage.step == Step::convert) alpha += u * sink_abs + lambda;
    if (stage.step == Step::to_base_two) alpha += g(u, 3) * sink_abs;
    if (stage.step == Step::cast) alpha += cast_error(c, stage.to, sink_abs, alpha);
  }
  return alpha;
}

bool sink_in_range(const Contract& c, double sink_abs) {
  return 1.5 * sink_abs < c.score.format.max_finite();
}

// The scale, with log2(e) or as its root on both sides, may multiply q (and k) before the product.
bool inputs_in_range(const Contract& c, double scale, double largest_query, double largest_key) {
  double limit = std::min(c.score.format.max_finite(), largest_converted_query(c));
  if (c.q_blocks) limit = std::min(limit, 127 * kBinary16.max_finite());
  const double factor = std::max(1.0, c.scale_both ? std::sqrt(1.5 * scale) : 1.5 * scale);
  return largest_query * factor < limit && (!c.scale_both || largest_key * factor < limit);
}

ScoreErrors score_errors(const Contract& contract, const Row& row, const RowFacts& facts) {
  ScoreErrors errors;
  const ScoreSetting setting{std::fabs(row.scale), row.softcap,           static_cast<double>(row.qk_dim),
                             !row.bias.empty(),    !row.distance.empty(), sum_abs(row.q),
                             max_abs(row.q),       underflow_of(contract)};
  const ScoreError error(contract, setting);
  errors.in_range = inputs_in_range(contract, setting.scale, max_abs(row.q), max_abs(row.k));
  for (std::size_t j = 0; j < facts.keys.size(); ++j) {
    const KeyFacts& key = facts.keys[j];
    double alpha = 0;
    if (key.sink) {
      alpha = sink_error(contract, key.final, setting.lambda);
      errors.in_range = errors.in_range && sink_in_range(contract, key.final);
    } else {
      alpha = error.of(key, flushed_inputs(contract, row, static_cast<std::int64_t>(j)),
                       row.distance.empty() ? 0 : row.distance[j]);
      errors.in_range = errors.in_range && error.in_range(key);
    }
    errors.alpha.push_back(alpha);
    errors.largest = std::max(errors.largest, alpha);
  }
  return errors;
}

}  // namespace attest::oracle
