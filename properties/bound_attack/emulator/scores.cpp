#include "bound_attack/emulator/scores.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

namespace attest::attack {
namespace {

constexpr Real kLog2e = std::numbers::log2e_v<Real>;

class Scoring {
 public:
  Scoring(const Contract& contract, const RowInput& row, const Strategy& strategy, const Aim& aim,
          RoundedArithmetic& arithmetic)
      : c_(contract),
        row_(row),
        s_(strategy),
        aim_(aim),
        a_(arithmetic),
        products_(contract.score, strategy),
        unit_{contract.score.format, contract.score.rounding} {}

  Scores run() {
    Scores scores = plan();
    prepare_query();
    for (std::size_t j = 0; j < row_.keys.size(); ++j) scores.x.push_back(score(j));
    if (row_.sink) scores.x.push_back(sink());
    return scores;
  }

 private:
  // Softcap, bias and ALiBi act on scores in nats, so that log2(e) can no longer be part of the scale.
  bool post_processed() const { return row_.softcap != 0 || row_.has_bias || row_.has_alibi; }
  bool scale_in_queries() const { return s_.scale_form == ScaleForm::queries && !c_.store_product; }

  Real constant(Real exact) { return a_.store(unit_, exact, 0); }

  // Decides where scale and log2(e) enter.
  Scores plan() {
    Scores plan;
    plan.base_two = c_.folded_log2e;
    const bool folds = c_.folded_log2e && !post_processed();
    const Real exact_scale = static_cast<Real>(row_.scale);
    nats_scale_ = constant(exact_scale);
    log2e_ = constant(kLog2e);
    scale_ = folds ? constant(exact_scale * kLog2e) : nats_scale_;
    const bool scaled_before = c_.scale_both || scale_in_queries();
    if (!scaled_before) dot_factor_ = scale_;
    const Real unit_nats = c_.folded_log2e ? 1 / kLog2e : 1;
    const bool stored = c_.store_scaled || c_.store_biased;
    const bool raw = !post_processed() && !scaled_before && !stored && !row_.sink && row_.scale > 0;
    if (c_.rounded_shift && (raw || (c_.folded_log2e && post_processed()))) {
      plan.rounded_shift = true;
      plan.factor = raw ? scale_ : log2e_;
      plan.nats_per_unit = plan.factor * unit_nats;
      plan.natural_factor = raw ? nats_scale_ : 1;
      if (raw) dot_factor_.reset();
      return plan;
    }
    plan.nats_per_unit = unit_nats;
    plan.natural_factor = c_.folded_log2e ? constant(unit_nats) : 1;
    times_log2e_ = c_.folded_log2e && post_processed();
    sink_times_log2e_ = c_.folded_log2e;
    // With one bias and nothing else, the two constants may be applied before the sum.
    separate_ = times_log2e_ && s_.bias_times_log2e && row_.has_bias && !row_.has_alibi &&
                row_.softcap == 0 && !stored && !scaled_before;
    if (separate_) dot_factor_ = constant(exact_scale * kLog2e);
    return plan;
  }

  // The queries are shared by all keys: each is pushed to where the keys together gain.
  void prepare_query() {
    const Real log2e = c_.folded_log2e && !post_processed() ? kLog2e : 1;
    root_ = constant(std::sqrt(std::fabs(static_cast<Real>(row_.scale)) * log2e));
    for (std::size_t i = 0; i < row_.q.size(); ++i) {
      Real gain = 0;
      for (std::size_t j = 0; j < row_.keys.size(); ++j) {
        gain += aim_.pull[j] * static_cast<Real>(row_.keys[j].k[i]);
      }
      const int push = sign_of(gain) * (row_.scale < 0 ? -1 : 1);
      Real q = a_.input(unit_.format, row_.q[i]);
      if (c_.scale_both) {
        q = a_.mul(unit_, q, row_.scale < 0 ? -root_ : root_, sign_of(gain));
      } else if (scale_in_queries()) {
        q = a_.mul(unit_, q, scale_, sign_of(gain));
      }
      const bool scaled = c_.scale_both || scale_in_queries();
      if (c_.q_conversion) q = a_.store({*c_.q_conversion}, q, scaled ? sign_of(gain) : push);
      query_.push_back(q);
    }
  }

  Real score(std::size_t j) {
    const KeyInput& key = row_.keys[j];
    const int push = aim_.key(j);
    const int raw_push = dot_factor_ && *dot_factor_ < 0 ? -push : push;
    std::vector<Real> k;
    for (std::size_t i = 0; i < key.k.size(); ++i) {
      const Real in = a_.input(unit_.format, key.k[i]);
      k.push_back(c_.scale_both ? a_.mul(unit_, in, root_, push * sign_of(query_[i])) : in);
    }
    Real x = products_.inner(a_, 0, query_, k, raw_push);
    if (c_.store_product && !c_.scale_both) x = a_.store({*c_.store_product}, x, raw_push);
    if (dot_factor_) x = a_.mul(unit_, x, *dot_factor_, push);
    if (row_.softcap != 0) x = softcapped(x, push);
    if (c_.store_scaled) x = a_.store({*c_.store_scaled}, x, push);
    x = shifted(x, key, push);
    if (c_.store_biased) x = a_.store({*c_.store_biased}, x, push);
    if (times_log2e_ && !separate_) x = a_.mul(unit_, x, log2e_, push);
    return x;
  }

  Real softcapped(Real x, int push) {
    const Real cap = constant(static_cast<Real>(row_.softcap));
    Real t = 0;
    if (s_.reciprocal_of_softcap) {
      t = a_.mul(unit_, x, a_.div(unit_, 1, cap, push * sign_of(x)), push);
    } else {
      t = a_.div(unit_, x, cap, push);
    }
    const Real y = a_.approximate(unit_, std::tanh(t), c_.tanh_rel, c_.tanh_abs, push);
    return a_.mul(unit_, cap, y, push);
  }

  // An f32 number as score arithmetic holds it: converted where that is narrower.
  Real held(double x, int push) {
    const Real in = a_.input(unit_.format, x);
    return unit_.format.precision < kBinary32.precision ? a_.store(unit_, in, push) : in;
  }

  Real shifted(Real x, const KeyInput& key, int push) {
    Real bias = held(key.bias, push);
    if (separate_) bias = a_.mul(unit_, bias, log2e_, push);
    if (!row_.has_alibi) return row_.has_bias ? a_.add(unit_, x, bias, push) : x;
    const Real alibi = -a_.mul(unit_, held(row_.slope, -push), held(key.distance, -push), -push);
    if (!row_.has_bias) return a_.add(unit_, x, alibi, push);
    switch (s_.bias_order) {
      case BiasOrder::bias_first:
        return a_.add(unit_, a_.add(unit_, x, bias, push), alibi, push);
      case BiasOrder::alibi_first:
        return a_.add(unit_, a_.add(unit_, x, alibi, push), bias, push);
      case BiasOrder::sum_first:
        return a_.add(unit_, x, a_.add(unit_, bias, alibi, push), push);
    }
    return x;
  }

  // f32 holds the sink exactly; narrower scores and base 2 do not.
  Real sink() {
    const int push = aim_.key(row_.keys.size());
    const Real x = held(*row_.sink, push);
    return sink_times_log2e_ ? a_.mul(unit_, x, log2e_, push) : x;
  }

  const Contract& c_;
  const RowInput& row_;
  const Strategy& s_;
  const Aim& aim_;
  RoundedArithmetic& a_;
  Summer products_;
  Unit unit_;
  Real scale_ = 1;  // log2(e) included where it is folded
  Real nats_scale_ = 1, log2e_ = 1, root_ = 1;
  std::optional<Real> dot_factor_;  // multiplies q.k
  bool times_log2e_ = false, sink_times_log2e_ = false, separate_ = false;
  std::vector<Real> query_;
};

}  // namespace

Scores score_row(const Contract& contract, const RowInput& row, const Strategy& strategy, const Aim& aim,
                 RoundedArithmetic& arithmetic) {
  return Scoring(contract, row, strategy, aim, arithmetic).run();
}

}  // namespace attest::attack
