#include "oracle/contract/exactness.hpp"

#include <algorithm>
#include <cmath>

#include "oracle/contract/questions.hpp"

// Equal scores of exactly 0, no sink. The score is 0 whatever its format, conversion of q, order, scale or
// folded log2(e), because each operation has an exact 0 as its result. The running maximum is then 0 in every
// tile that has a visible key, unless the contract lets the shift lie below it (tau > 0). exp(0 - 0) = 1:
// every exponential in use gives it, and this is the one assumption that the contract's exp_rel does not
// cover (laws.md states it). Rescale factors are exp(0) = 1 as well, or multiply a state that is still 0. So
// weights are 1, sums are sums of inputs, and what remains is whether the formats hold them. Merging splits
// by (lse, o) takes log and exp of sums, which round; with one split there is nothing to merge.

namespace attest::oracle {
namespace {

template <class Predicate>
bool all_of(const ContractSet& contract, Predicate predicate) {
  return std::all_of(contract.alternatives.begin(), contract.alternatives.end(), predicate);
}

bool may_lie_above(const Contract& c) { return c.shift_above > 0 || c.shift_by_norms; }

// Aligned truncation in block-FMA units keeps one bit less than the format has.
int exact_bits(const Sum& sum) { return sum.format.precision - (sum.order == Order::block_fma ? 1 : 0); }

bool holds(Format format, int precision, Underflow underflow, double x) {
  format.precision = precision;
  const bool flushed = underflow != Underflow::gradual && x != 0 && std::fabs(x) < format.min_normal();
  return !flushed && round_to(format, x) == x;
}

}  // namespace

std::string why_weights_round(const ContractSet& contract) {
  for (const Contract& c : contract.alternatives) {
    if (c.tau > 0) return "the contract lets the shift differ from the maximum (tau > 0)";
    if (may_lie_above(c)) return "the contract lets the shift lie above the maximum";
    if (c.splits > 1 && c.merge != Merge::state)
      return "the contract merges splits by their lse, which rounds";
  }
  return "";
}

bool shifts_are_own(const ContractSet& contract) {
  return all_of(contract, [](const Contract& c) { return c.tau == 0 && !may_lie_above(c); });
}

bool sum_is_exact(const ContractSet& contract, double magnitude) {
  return all_of(contract, [&](const Contract& c) {
    const int partial = c.partial ? c.partial.format->precision : 64;
    const int value = c.v_conversion ? c.v_conversion.format->precision : 64;
    return !c.centred_values &&
           magnitude <= std::ldexp(1.0, std::min({exact_bits(c.numerator), partial, value}));
  });
}

bool centres_values(const ContractSet& contract) {
  return !all_of(contract, [](const Contract& c) { return !c.centred_values; });
}

bool count_is_exact(const ContractSet& contract, double n) {
  return all_of(contract, [&](const Contract& c) {
    const int partial = c.partial ? c.partial.format->precision : 64;
    return n <= std::ldexp(1.0, std::min(exact_bits(c.denominator), partial));
  });
}

bool operands_stay_finite(const ContractSet& contract, double query, double key) {
  return all_of(contract, [&](const Contract& c) {
    return std::fabs(query) <= largest_converted_query(c) && std::fabs(key) <= c.k_conversion.max_finite();
  });
}

bool conversion_is_exact(const ContractSet& contract, double value) {
  return all_of(contract, [&](const Contract& c) {
    return !c.v_conversion || round_to(*c.v_conversion.format, value) == value;
  });
}

bool value_is_exact(const ContractSet& contract, double x, DType out) {
  return all_of(contract, [&](const Contract& c) {
    const auto kept_by = [&](const Format& format, int precision) {
      return holds(format, precision, c.underflow, x);
    };
    const auto kept_whole = [&](const Format& format) { return kept_by(format, format.precision); };
    const auto kept_if_cast = [&](const Cast& cast) { return !cast || kept_whole(*cast.format); };
    const bool divides_exactly = !c.reciprocal || c.reciprocal_rel == 0;
    return divides_exactly && !c.centred_values && kept_by(c.numerator.format, exact_bits(c.numerator)) &&
           std::fabs(x) * c.probability_scale <= c.numerator.format.max_finite() &&
           kept_whole(format_of(out)) && kept_if_cast(c.v_conversion) && kept_if_cast(c.partial) &&
           kept_if_cast(c.output);
  });
}

// exp(-1024) underflows in every format. If the contract also allows an absolute error, n weights of it times
// values, whether as they are or as a state rescaled by such a factor, are below a quarter of the last place
// of 1: sums that hold a value of at least 1, and the denominator, round them away, and truncation, since
// they are not negative, cuts them off.
bool far_keys_vanish(const ContractSet& contract, double n, double largest) {
  return all_of(contract, [&](const Contract& c) {
    const int precision = std::max(c.numerator.format.precision, c.denominator.format.precision);
    return c.exp.absolute == 0 ||
           n * c.exp.absolute * std::max(1.0, largest) <= std::ldexp(1.0, -precision - 2);
  });
}

// The linear part of the score's error (docs/bound-derivation.md), doubled for what is not linear.
bool surely_far_below(const ContractSet& contract, double score, double magnitude, std::int64_t qk_dim) {
  constexpr double kFar = 1024;
  return all_of(contract, [&](const Contract& c) {
    const double depth = 2 * static_cast<double>(qk_dim) + 24;
    const double rate = with_score_casts(depth * c.score.unit_roundoff(), c);
    const double largest = largest_score(c);
    // A key beyond a narrow format may become its largest number.
    if (c.k_conversion.max_finite() < kBfloat16.max_finite()) return false;
    return magnitude < largest / 16 && score + 2 * rate * magnitude < -kFar;
  });
}

bool share_is_exact(const ContractSet& contract, double n) {
  return all_of(contract, [&](const Contract& c) {
    return !c.unfused || !c.probability || c.probability_scale / n >= c.probability.format->min_normal();
  });
}

}  // namespace attest::oracle
