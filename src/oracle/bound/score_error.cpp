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

// Error of one cast of a value of at most `magnitude` that is already off by `alpha`.
double cast_error(const Contract& c, const Cast& to, double magnitude, double alpha) {
  return to.unit_roundoff() * (magnitude + alpha) + underflow_error(to, c.underflow);
}

// Bias, slope and sink are numbers of f32, which flushing loses below its smallest normal number.
double flushed_term(const Contract& c) {
  return c.underflow == Underflow::flush_inputs ? kBinary32.min_normal() : 0;
}

// softcap * tanh(x / softcap): the cap's conversion, a division or two roundings for x * (1 / softcap), the
// tanh, a product.
double softcap_error(const Contract& c, const ScoreSetting& s, double magnitude) {
  const double u = c.score.unit_roundoff();
  const double rounded = compound(c.tanh.relative, u);
  const double moved = magnitude * (1 + g(u, 4));
  const double capped = s.affine ? moved : s.head.softcap * std::min(1.0, moved / s.head.softcap);
  const double argument =
      s.head.softcap * s.lambda * (1 + g(u, 2)) * (1 + magnitude * (1 + u)) * (1 + rounded);
  return magnitude * g(u, 2) + (u * (1 + 2 * u) + rounded * (1 + u)) * capped +
         s.head.softcap * c.tanh.absolute * (1 + g(u, 2)) + argument + 2 * s.lambda;
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
        query_absolute_ += query_block_error(s_.head.scale, s_.query_max);
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
        return multiply();
      case Step::add:
        return add();
      case Step::to_base_two:
        // It multiplies each term or their sum.
        alpha_ += g(u_, 3) * (key_.capped + key_.bias + alibi() + alpha_) + 3 * s_.lambda;
        return;
    }
  }

  void cast(const Stage& stage) {
    const auto on_score = [&](double magnitude) { alpha_ += cast_error(c_, stage.to, magnitude, alpha_); };
    switch (stage.of) {
      case Quantity::query:
        return query_cast(stage.to);
      case Quantity::key:
        key_relative_ = stage.to.unit_roundoff();
        key_absolute_ = input_cast_error(stage.to);
        return;
      case Quantity::product:
        // Before the scale, and magnified by it.
        alpha_ +=
            (1 + g(u_, 2)) * (s_.head.scale * cast_error(c_, stage.to, key_.product,
                                                         s_.head.scale > 0 ? alpha_ / s_.head.scale : 0) +
                              stage.to.unit_roundoff() * first_bias());
        return;
      case Quantity::scaled:
        return on_score(key_.capped + first_bias());
      case Quantity::bias:
      case Quantity::alibi:
        alpha_ += cast_error(c_, stage.to, stage.of == Quantity::bias ? key_.bias : key_.alibi, 0);
        return;
      case Quantity::score:
      case Quantity::sink:
        return on_score(key_.final + moved());
    }
  }

  // Before or after the scale multiplies the input.
  double input_cast_error(const Cast& to) const {
    return std::max(1.0, s_.head.scale) * underflow_error(*to.format, Rounding::toward_zero, c_.underflow);
  }

  // The dot product's own roundings follow.
  void query_cast(const Cast& to) {
    query_relative_ = to.unit_roundoff();
    query_absolute_ += input_cast_error(to);
  }

  // scale * q.k. The scale may multiply q first in any case, which may underflow.
  void dot() {
    const double lambda = s_.lambda;
    // sqrt(scale) on both sides: two rounded constants (3u between them) and two products.
    double h = dot_depth(c_.score, s_.qk_dim) + (c_.scale_both ? 5 : 2);
    if (starts_with_bias()) h += 1;
    const double growth = 1 + g(u_, h);
    const double sums = c_.q_blocks == QueryBlocks::q8_1
                            ? query_sum_error(c_.score, s_.head.scale, {s_.qk_dim, s_.query_max, s_.key_max})
                            : 0;
    const double query =
        growth *
        (compound(query_relative_, key_relative_) * s_.head.scale * key_.dot_abs +
         (lambda + query_absolute_) * (1 + key_relative_) * key_.key_abs +
         key_absolute_ * ((1 + query_relative_) * s_.query_abs + query_absolute_ * s_.qk_dim) + sums);
    // A bias that comes first has errors of its own by now.
    alpha_ = alpha_ * (1 + g(u_, h + 3)) + g(u_, h) * s_.head.scale * key_.dot_abs + query +
             (2 * s_.qk_dim * std::max(1.0, s_.head.scale) * lambda + s_.head.scale * flushed_) * growth +
             2 * lambda;
    // As the first term the bias meets every addition, and may be divided by the scale that the sum is
    // multiplied by: two roundings of the constant, one each of the quotient and the product.
    if (starts_with_bias()) {
      alpha_ += g(u_, h + 3) * first_bias() + flushed_term(c_) +
                (2 + 2 * std::max(1.0, s_.head.scale)) * growth * lambda;
    }
    if (c_.scale_both) {
      alpha_ += lambda * std::sqrt(s_.head.scale) * (key_.key_abs + s_.query_abs) * growth +
                s_.qk_dim * lambda * lambda;
    }
  }

  void convert(Quantity of) {
    if (of == Quantity::alibi)
      alibi_roundings_ += 2;  // slope and distance
    else
      alpha_ += u_ * key_.bias + s_.lambda;
  }

  // The number that is added: of slope * j nothing is known but that no key lies beyond the last.
  double alibi() const { return c_.alibi_by_position ? s_.alibi_reach : key_.alibi; }
  // How far the score is from where it would be with -slope * distance, at most.
  double moved() const { return c_.alibi_by_position && s_.alibi ? s_.alibi_reach + key_.alibi : 0; }
  // Softcap comes between the product and the bias.
  bool starts_with_bias() const { return c_.bias_first && s_.biased && s_.head.softcap == 0; }
  double first_bias() const { return starts_with_bias() ? key_.bias : 0; }

  void multiply() {
    const double distance = std::max(distance_, c_.alibi_by_position ? s_.span : 0);
    alpha_ += g(u_, alibi_roundings_) * alibi() + alibi_roundings_ * s_.lambda;
    // What is lost of the slope, magnified.
    const double lost = (alibi_roundings_ > 1 ? s_.lambda : 0) + flushed_term(c_);
    alpha_ += lost * distance;
  }

  // Each addition rounds its sum; under flushing it may also lose an operand and the result.
  void add() {
    const double running = key_.running + moved();
    if (s_.biased && !starts_with_bias())
      alpha_ += u_ * (running + alpha_) + 2 * s_.lambda + flushed_term(c_);
    if (s_.alibi) alpha_ += u_ * (running + alpha_) + 2 * s_.lambda;
  }

  const Contract& c_;
  const ScoreSetting& s_;
  const KeyFacts& key_;
  double flushed_, distance_, u_;
  double query_relative_ = 0, query_absolute_ = 0;  // of a channel of q
  double key_relative_ = 0, key_absolute_ = 0;      // of a channel of k
  double alibi_roundings_ = 1;
  double alpha_ = 0;
};

}  // namespace

ScoreError::ScoreError(const Contract& contract, const ScoreSetting& setting)
    : contract_(contract),
      setting_(setting),
      stages_(score_stages(contract, {setting.head.softcap != 0, setting.biased, setting.alibi})),
      largest_(largest_score(contract)) {}

double ScoreError::of(const KeyFacts& key, double flushed, double distance) const {
  return Walk(contract_, setting_, key, flushed, distance).over(stages_);
}

double sink_error(const Contract& c, double sink_abs, double lambda, double moved) {
  const double u = c.score.unit_roundoff();
  double alpha = flushed_term(c);
  // It moves with the scores: plus slope * position, a product of two converted numbers.
  if (moved > 0) alpha += g(u, 3) * moved + u * (sink_abs + 2 * moved) + 5 * lambda;
  for (const Stage& stage : sink_stages(c)) {
    if (stage.step == Step::convert) alpha += u * sink_abs + lambda;
    if (stage.step == Step::to_base_two) alpha += g(u, 3) * (sink_abs + moved);
    if (stage.step == Step::cast) alpha += cast_error(c, stage.to, sink_abs + moved, alpha);
  }
  return alpha;
}

ScoreErrors score_errors(const Contract& contract, const Row& row, const RowFacts& facts) {
  ScoreErrors errors;
  HeadTerms head = static_cast<const HeadTerms&>(row);
  head.scale = std::fabs(head.scale);
  const ScoreSetting setting{.head = head,
                             .qk_dim = static_cast<double>(row.qk_dim),
                             .biased = !row.bias.empty(),
                             .alibi = !row.distance.empty(),
                             .query_abs = sum_abs(row.q),
                             .query_max = max_abs(row.q),
                             .key_max = max_abs(row.k),
                             .lambda = underflow_of(contract),
                             .span = static_cast<double>(row.span),
                             .alibi_reach = std::fabs(row.slope) * static_cast<double>(row.span)};
  const ScoreError error(contract, setting);
  errors.in_range = inputs_in_range(contract, setting.head.scale, max_abs(row.q), max_abs(row.k));
  for (std::size_t j = 0; j < facts.keys.size(); ++j) {
    const KeyFacts& key = facts.keys[j];
    double alpha = 0;
    if (key.sink) {
      alpha = sink_error(contract, key.final, setting.lambda, alibi_move(contract, row, facts));
      errors.in_range = errors.in_range && sink_in_range(contract, key.final);
    } else {
      alpha = error.of(key, flushed_products(contract, row, static_cast<std::int64_t>(j)),
                       row.distance.empty() ? 0 : row.distance[j]);
      errors.in_range = errors.in_range && error.in_range(key);
    }
    errors.alpha.push_back(alpha);
    errors.largest = std::max(errors.largest, alpha);
  }
  return errors;
}

}  // namespace attest::oracle
