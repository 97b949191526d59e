#include "laws/exactness.hpp"

#include <algorithm>
#include <cmath>

// Equal scores of exactly 0, no sink. The score is 0 whatever its format, conversion of q, order, scale or
// folded log2(e), because each operation has an exact 0 as its result. The running maximum is then 0 in every
// tile that has a visible key, unless the contract lets the shift lie below it (tau > 0). exp(0 - 0) = 1:
// every exponential in use gives it, and this is the one assumption that the contract's exp_rel does not
// cover (laws.md states it). Rescale factors are exp(0) = 1 as well, or multiply a state that is still 0. So
// weights are 1, sums are sums of inputs, and what remains is whether the formats hold them. Merging splits
// by (lse, o) takes log and exp of sums, which round; with one split there is nothing to merge.

namespace attest {
namespace {

template <class Predicate>
bool all_of(const ContractSet& contract, Predicate predicate) {
  return std::all_of(contract.alternatives.begin(), contract.alternatives.end(), predicate);
}

// Aligned truncation in block-FMA units keeps one bit less than the format has.
int exact_bits(const Accumulator& accumulator) {
  return accumulator.format.precision - (accumulator.order == Order::block_fma ? 1 : 0);
}

bool holds(Format format, int precision, Underflow underflow, double x) {
  format.precision = precision;
  const bool flushed = underflow != Underflow::gradual && x != 0 && std::fabs(x) < format.min_normal();
  return !flushed && round_to(format, x) == x;
}

}  // namespace

std::string why_weights_round(const ContractSet& contract) {
  for (const Contract& c : contract.alternatives) {
    if (c.tau > 0) return "the contract lets the shift differ from the maximum (tau > 0)";
    if (c.splits > 1 && c.merge == Merge::lse) return "the contract merges splits by their lse, which rounds";
  }
  return "";
}

bool shifts_are_own(const ContractSet& contract) {
  return all_of(contract, [](const Contract& c) { return c.tau == 0; });
}

bool sum_is_exact(const ContractSet& contract, double magnitude) {
  return all_of(contract, [&](const Contract& c) {
    const int partial = c.partial ? c.partial->precision : 64;
    return magnitude <= std::ldexp(1.0, std::min(exact_bits(c.numerator), partial));
  });
}

bool count_is_exact(const ContractSet& contract, double n) {
  return all_of(contract, [&](const Contract& c) {
    const int partial = c.partial ? c.partial->precision : 64;
    return n <= std::ldexp(1.0, std::min(exact_bits(c.denominator), partial));
  });
}

bool value_is_exact(const ContractSet& contract, double x, DType out) {
  return all_of(contract, [&](const Contract& c) {
    const auto kept_by = [&](const Format& format, int precision) {
      return holds(format, precision, c.underflow, x);
    };
    const auto kept_whole = [&](const Format& format) { return kept_by(format, format.precision); };
    return kept_by(c.numerator.format, exact_bits(c.numerator)) && kept_whole(format_of(out)) &&
           (!c.partial || kept_whole(*c.partial)) && (!c.output || kept_whole(*c.output));
  });
}

bool share_is_exact(const ContractSet& contract, double n) {
  return all_of(contract, [&](const Contract& c) {
    return !c.unfused || !c.probability || 1 / n >= c.probability->min_normal();
  });
}

}  // namespace attest
