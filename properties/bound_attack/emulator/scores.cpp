#include "bound_attack/emulator/scores.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include "oracle/contract/stages.hpp"

namespace attest::attack {
namespace {

constexpr Real kLog2e = std::numbers::log2e_v<Real>;

// slope * j moves every score alike only where no key lies behind the query.
bool sees_no_later_key(const RowInput& row) {
  return row.has_alibi && std::all_of(row.keys.begin(), row.keys.end(),
                                      [&](const KeyInput& key) { return key.index <= row.position; });
}

class Scoring {
 public:
  Scoring(const oracle::Contract& contract, const RowInput& row, const Strategy& strategy, const Aim& aim,
          RoundedArithmetic& arithmetic)
      : c_(contract),
        row_(row),
        s_(strategy),
        aim_(aim),
        a_(arithmetic),
        stages_(oracle::score_stages(contract, {row.softcap != 0, row.has_bias, row.has_alibi})),
        starts_with_bias_(contract.bias_first && row.has_bias && row.softcap == 0),
        by_position_(contract.alibi_by_position && sees_no_later_key(row)),
        products_(contract.score, strategy),
        unit_{contract.score.format, contract.score.rounding} {}

  Scores run() {
    Scores scores = plan();
    if (by_position_) moved_ = a_.mul(unit_, slope_, position_, 0);
    prepare_query();
    for (std::size_t j = 0; j < row_.keys.size(); ++j) scores.x.push_back(score(j));
    if (row_.sink) scores.x.push_back(sink());
    if (by_position_) scores.moved = moved_;
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
    slope_ = constant(f32_input(row_.slope));
    position_ = constant(static_cast<Real>(row_.position));
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
    separate_ = !starts_with_bias_ && times_log2e_ && s_.bias_times_log2e && row_.has_bias &&
                !row_.has_alibi && row_.softcap == 0 && !stored && !scaled_before;
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
      Real q = a_.input(unit_.format, row_.q_format, row_.q[i]);
      if (c_.scale_both) {
        q = a_.mul(unit_, q, row_.scale < 0 ? -root_ : root_, sign_of(gain));
      } else if (scale_in_queries()) {
        q = a_.mul(unit_, q, scale_, sign_of(gain));
      }
      const bool scaled = c_.scale_both || scale_in_queries();
      for (const oracle::Stage& stage : stages_) {
        if (stage.of == oracle::Quantity::query && stage.step == oracle::Step::cast)
          q = a_.store(unit_of(stage.to), q, scaled ? sign_of(gain) : push);
      }
      query_.push_back(q);
    }
  }

  // A score on its way, and what will be added to it.
  struct Running {
    const KeyInput& key;
    int push = 0, raw_push = 0;  // raw: before the scale
    Real bias = 0, slope = 0, distance = 0;
    Real x = 0, alibi = 0;
  };

  Real score(std::size_t j) {
    const KeyInput& key = row_.keys[j];
    const int push = aim_.key(j);
    Running r{.key = key,
              .push = push,
              .raw_push = dot_factor_ && *dot_factor_ < 0 ? -push : push,
              .bias = f32_input(key.bias),
              .slope = f32_input(row_.slope),
              .distance = by_position_ ? static_cast<Real>(key.index) : static_cast<Real>(key.distance)};
    for (const oracle::Stage& stage : stages_) take(stage, r);
    return r.x;
  }

  void take(const oracle::Stage& stage, Running& r) {
    switch (stage.step) {
      case oracle::Step::cast:
        return cast(stage, r);
      case oracle::Step::quantise:
        return;  // tests/oracle/query_blocks_test.cpp rounds blocks of queries
      case oracle::Step::dot:
        r.x = dot(r);
        return;
      case oracle::Step::scale:
        if (dot_factor_) r.x = a_.mul(unit_, r.x, *dot_factor_, r.push);
        return;
      case oracle::Step::cap:
        r.x = softcapped(r.x, r.push);
        return;
      case oracle::Step::convert:
        return convert(stage.of, r);
      case oracle::Step::multiply:
        r.alibi = by_position_ ? a_.mul(unit_, r.slope, r.distance, r.push)
                               : -a_.mul(unit_, r.slope, r.distance, -r.push);
        return;
      case oracle::Step::add:
        r.x = added(r);
        return;
      case oracle::Step::to_base_two:
        if (times_log2e_ && !separate_) r.x = a_.mul(unit_, r.x, log2e_, r.push);
        return;
    }
  }

  void cast(const oracle::Stage& stage, Running& r) {
    const auto stored = [&](Real x, int push) { return a_.store(unit_of(stage.to), x, push); };
    switch (stage.of) {
      case oracle::Quantity::query:
      case oracle::Quantity::key:
        return;  // prepare_query and key_channel
      case oracle::Quantity::product:
        if (!c_.scale_both) r.x = stored(r.x, r.raw_push);  // else there is no product without the scale
        return;
      case oracle::Quantity::bias:
        r.bias = stored(r.bias, r.push);
        return;
      case oracle::Quantity::alibi:
        r.alibi = stored(r.alibi, r.push);
        return;
      case oracle::Quantity::scaled:
      case oracle::Quantity::score:
      case oracle::Quantity::sink:
        r.x = stored(r.x, r.push);
        return;
    }
  }

  Real dot(const Running& r) {
    std::vector<Real> k;
    for (std::size_t i = 0; i < r.key.k.size(); ++i) k.push_back(key_channel(r, i));
    Real first = 0;
    if (starts_with_bias_) {
      first = dot_factor_ ? a_.div(unit_, r.bias, *dot_factor_, r.raw_push) : r.bias;
    }
    return products_.inner(a_, first, query_, k, r.raw_push);
  }

  Real key_channel(const Running& r, std::size_t i) {
    const int push = r.raw_push * sign_of(query_[i]);
    Real k = a_.input(unit_.format, row_.kv_format, r.key.k[i]);
    if (c_.scale_both) k = a_.mul(unit_, k, root_, push);
    return c_.k_conversion ? a_.store(unit_of(c_.k_conversion), k, push) : k;
  }

  Real f32_input(double x) const { return a_.input(unit_.format, kBinary32, x); }

  void convert(oracle::Quantity of, Running& r) {
    if (of == oracle::Quantity::bias) r.bias = a_.store(unit_, r.bias, r.push);
    if (of == oracle::Quantity::alibi) {
      const int push = by_position_ ? r.push : -r.push;
      r.distance = a_.store(unit_, r.distance, push);
      r.slope = a_.store(unit_, r.slope, push);
    }
  }

  Real softcapped(Real x, int push) {
    const Real cap = constant(static_cast<Real>(row_.softcap));
    Real t = 0;
    if (s_.reciprocal_of_softcap) {
      t = a_.mul(unit_, x, a_.div(unit_, 1, cap, push * sign_of(x)), push);
    } else {
      t = a_.div(unit_, x, cap, push);
    }
    const Real y = a_.approximate(unit_, std::tanh(t), c_.tanh.relative, c_.tanh.absolute, push);
    return a_.mul(unit_, cap, y, push);
  }

  Real added(const Running& r) {
    if (starts_with_bias_) return a_.add(unit_, r.x, r.alibi, r.push);
    const Real bias = separate_ ? a_.mul(unit_, r.bias, log2e_, r.push) : r.bias;
    if (!row_.has_alibi) return a_.add(unit_, r.x, bias, r.push);
    if (!row_.has_bias) return a_.add(unit_, r.x, r.alibi, r.push);
    switch (s_.bias_order) {
      case BiasOrder::bias_first:
        return a_.add(unit_, a_.add(unit_, r.x, bias, r.push), r.alibi, r.push);
      case BiasOrder::alibi_first:
        return a_.add(unit_, a_.add(unit_, r.x, r.alibi, r.push), bias, r.push);
      case BiasOrder::sum_first:
        return a_.add(unit_, r.x, a_.add(unit_, bias, r.alibi, r.push), r.push);
    }
    return r.x;
  }

  // It stays apart from the stored scores.
  Real sink() {
    const int push = aim_.key(row_.keys.size());
    Real x = f32_input(*row_.sink);
    const oracle::Stages stages = oracle::sink_stages(c_);
    const bool converted = stages.begin() != stages.end() && stages.begin()->step == oracle::Step::convert;
    if (converted) x = a_.store(unit_, x, push);
    if (by_position_) x = a_.add(unit_, x, moved_, push);
    for (const oracle::Stage& stage : stages) {
      if (stage.step == oracle::Step::to_base_two && sink_times_log2e_) x = a_.mul(unit_, x, log2e_, push);
    }
    return x;
  }

  const oracle::Contract& c_;
  const RowInput& row_;
  const Strategy& s_;
  const Aim& aim_;
  RoundedArithmetic& a_;
  oracle::Stages stages_;
  bool starts_with_bias_, by_position_;
  Real slope_ = 0, position_ = 0;  // in the format of the scores
  Real moved_ = 0;                 // slope * position
  Summer products_;
  Unit unit_;
  Real scale_ = 1;  // log2(e) included where it is folded
  Real nats_scale_ = 1, log2e_ = 1, root_ = 1;
  std::optional<Real> dot_factor_;  // multiplies q.k
  bool times_log2e_ = false, sink_times_log2e_ = false, separate_ = false;
  std::vector<Real> query_;
};

}  // namespace

Scores score_row(const oracle::Contract& contract, const RowInput& row, const Strategy& strategy,
                 const Aim& aim, RoundedArithmetic& arithmetic) {
  return Scoring(contract, row, strategy, aim, arithmetic).run();
}

}  // namespace attest::attack
