#include "oracle/contract/questions.hpp"

#include <algorithm>
#include <cmath>

#include "oracle/contract/stages.hpp"

namespace attest::oracle {
namespace {

constexpr ScoreParts kEveryPart{.softcap = true, .bias = true, .alibi = true};
// Half a step of q8_0 and the rounding of its scale, per unit of the largest channel.
constexpr double kBlockRoundoff = 1.0 / 254 + 0x1p-11;

template <class Predicate>
bool all_of(const ContractSet& contract, Predicate predicate) {
  return std::all_of(contract.alternatives.begin(), contract.alternatives.end(), predicate);
}

template <class Predicate>
bool any_of(const ContractSet& contract, Predicate predicate) {
  return std::any_of(contract.alternatives.begin(), contract.alternatives.end(), predicate);
}

bool symmetric(Rounding rounding) {
  return rounding == Rounding::nearest_even || rounding == Rounding::toward_zero;
}

bool scaled_values_stay_normal(const Contract& c, const ScaledValues& v, DType out) {
  const Format& sum = c.numerator.format;
  if (c.shift_by_norms) return false;  // weights may be of any size
  const double share = std::exp(-v.gap - c.shift_above) / (c.unfused ? v.keys : 1);
  const double least = std::ldexp(v.least * share / v.factor, -sum.precision - 1);
  const double high = v.factor * v.largest;
  const bool converts =
      !c.v_conversion || v.largest == 0 ||
      (v.least / v.factor >= c.v_conversion.format->min_normal() && high < c.v_conversion.max_finite());
  return converts && (v.largest == 0 || least >= sum.min_normal()) &&
         c.probability_scale * v.keys * high < sum.max_finite() / 4 &&
         high < format_of(out).max_finite() / 4 && (!c.partial || c.partial.format->emin <= kBinary32.emin) &&
         high < c.output.max_finite() / 4;
}

}  // namespace

double largest_score(const Contract& c) {
  double largest = c.score.format.max_finite();
  for (const Stage& stage : score_stages(c, kEveryPart)) {
    const bool input = stage.of == Quantity::query || stage.of == Quantity::key;
    if (!input) largest = std::min(largest, stage.to.max_finite());
  }
  return largest;
}

double largest_score(const ContractSet& contract) {
  double largest = kBinary64.max_finite();
  for (const Contract& c : contract.alternatives) largest = std::min(largest, largest_score(c));
  return largest;
}

double largest_converted_query(const Contract& c) {
  switch (c.q_blocks) {
    case QueryBlocks::none:
      return c.q_conversion.max_finite();
    case QueryBlocks::q8_0:
      return 127 * kBinary16.max_finite();
    case QueryBlocks::q8_1:
      return kBinary16.max_finite() / 33;  // the sum of a block of 32
  }
  return 0;
}

double largest_converted_key(const ContractSet& contract) {
  double largest = kBinary64.max_finite();
  for (const Contract& c : contract.alternatives) largest = std::min(largest, c.k_conversion.max_finite());
  return largest;
}

double largest_converted_value(const ContractSet& contract) {
  double largest = kBinary64.max_finite();
  for (const Contract& c : contract.alternatives) largest = std::min(largest, c.v_conversion.max_finite());
  return largest;
}

double largest_sum(const Contract& c) {
  // Weights reach e^tau where the shift lags behind the maximum.
  return std::min({c.numerator.format.max_finite() * std::exp(-c.tau) / c.probability_scale,
                   c.v_conversion.max_finite(), c.output.max_finite()});
}

double with_score_casts(double rate, const Contract& c) {
  const double blocks = c.q_blocks == QueryBlocks::q8_1 ? 2 * kBlockRoundoff : kBlockRoundoff;
  for (const Stage& stage : score_stages(c, kEveryPart)) {
    if (!grows_with_product(stage.of)) continue;
    rate += stage.step == Step::quantise ? blocks : stage.to.unit_roundoff();
  }
  return rate;
}

double score_error_rate(const Contract& c, std::int64_t qk_dim) {
  const double u = c.score.unit_roundoff();
  const auto d = static_cast<double>(qk_dim);
  const double depth = c.score.order == Order::block_fma ? 2 * d : d;
  const double gap = 2 * (c.rounded_shift ? 3 : 1) * u + (c.folded_log2e ? 8 * u : 0);
  return with_score_casts(u * (depth + 12) + gap, c);
}

double sum_error_rate(const Contract& c) {
  const double rescale = c.unfused ? 0 : c.exp.relative / c.key_block;
  return rescale + c.numerator.unit_roundoff() + c.denominator.unit_roundoff();
}

double coarsest_score_roundoff(const ContractSet& contract) {
  double coarsest = 0;
  for (const Contract& c : contract.alternatives) {
    coarsest = std::max(coarsest, c.score.unit_roundoff());
    for (const Stage& stage : score_stages(c, kEveryPart)) {
      coarsest = std::max(coarsest, stage.to.unit_roundoff());
    }
  }
  return coarsest;
}

bool rounds_both_signs_alike(const ContractSet& contract) {
  return all_of(contract, [](const Contract& c) {
    // The minimum of negated keys is another number, which another sum multiplies.
    return c.q_blocks != QueryBlocks::q8_1 && symmetric(c.score.rounding) &&
           symmetric(c.numerator.rounding) && symmetric(c.denominator.rounding) &&
           symmetric(c.probability.rounding) && symmetric(c.output.rounding);
  });
}

double largest_lag(const ContractSet& contract) {
  double lag = 0;
  for (const Contract& c : contract.alternatives)
    lag = std::max({lag, c.tau, c.shift_by_norms ? HUGE_VAL : c.shift_above});
  return lag;
}

bool stay_normal(const ContractSet& contract, const ScaledValues& values, DType out) {
  return all_of(contract, [&](const Contract& c) { return scaled_values_stay_normal(c, values, out); });
}

double least_normal_output(const ContractSet& contract, DType out) {
  double least = format_of(out).min_normal();
  for (const Contract& c : contract.alternatives) {
    if (c.output) least = std::max(least, c.output.format->min_normal());
  }
  return least;
}

bool all_f64(const ContractSet& contract) {
  return all_of(contract, [](const Contract& c) {
    return c.score.format == kBinary64 && c.numerator.format == kBinary64 &&
           c.denominator.format == kBinary64;
  });
}

bool may_read_past_kv_lens(const ContractSet& contract) {
  return any_of(contract, [](const Contract& c) { return c.kv_lens_by_mask; });
}

bool repeats_bits(const ContractSet& contract) {
  return all_of(contract, [](const Contract& c) { return c.repeatable && !c.probability.stochastic; });
}

// Alternatives are one kernel's, which has one cache.
KvStorages kv_storage(const ContractSet& contract) { return contract.alternatives.front().kv_storage; }

bool may_be_given(const ContractSet& contract, const Problem& problem) {
  return holds(kv_storage(contract), problem);
}

bool may_return(const ContractSet& contract, const std::vector<double>& outputs) {
  return std::any_of(contract.alternatives.begin(), contract.alternatives.end(), [&](const Contract& c) {
    return !c.output || std::all_of(outputs.begin(), outputs.end(), [&](double x) {
      return !std::isfinite(x) || round_to(*c.output.format, x) == x;
    });
  });
}

}  // namespace attest::oracle
