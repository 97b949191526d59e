// Worlds of software floats, far more precise than any kernel: a result must be within a bound derived here
// of plain sums at 400 bits.
//
// Let each operation err by at most e, relatively, over n visible keys with |score| <= S, and let a lazy
// shift lag by at most tau. A key's weight is a product of at most n + 1 exponentials, whose arguments are
// differences that add up to at most 2 S + 2 tau (docs/bound-derivation.md, section 3) and are rounded once
// each; numerator and denominator then take at most 2 n + 1 roundings apart. So each term of each sum is off
// by a factor within exp(+-x), x = e (3 n + 2 + 2 S + 2 tau), the quotient by at most max|v| 2 X / (1 - X)
// with X = exp(x) - 1, and by one rounding: 3 x max|v| in all, as x >= 5 e is tiny. lse is off by 3 x and the
// roundings of m, of the log and of their sum: 2 e (S + ln n + tau + 2).
//
// The dense forms divide each weight before it meets a value instead: a term meets the same roundings.
//
// Rows merged by lse repeat both at each of at most n merges, whose weights see differences larger by ln n:
// x' = (n + 1) (x + e (4 S + 6 ln n + 8)).
//
// eta is the absolute error of a weight that underflows; denominators are at least 1 where that can be (no
// lazy form runs there), so it adds at most (n + 1)^2 eta max|v|.
#pragma once

#include <algorithm>
#include <cmath>

#include "forms/worlds/certificate.hpp"
#include "forms/worlds/examine.hpp"
#include "semantics/mpfr.hpp"

namespace attest::forms {

/// Software has A, kEntry, k (an A), kError (e), kUnderflow (eta), number(double) and wide(Number), its exact
/// value at Wide precision.
template <class Software>
class MultiprecisionWorld {
 public:
  using A = typename Software::A;
  using Wide = semantics::Mpfr::Number;
  static constexpr SemanticsEntry kEntry = Software::kEntry;

  const A& semantics(const RowCase&) const { return software_.k; }

  std::string_view why_not(const RowCase&, const FormEntry&) const { return ""; }

  FormInput<A> numbers(const RowCase& row) const {
    const double tau = kNatsAUnit * row.choices.tau;
    FormInput<A> input{{}, {}, {}, software_.number(tau), row.choices.tile, 1};
    for (const KeyCase& key : row.keys) {
      input.scores.push_back(software_.number(score_number(key, row.shift)));
      input.visible.push_back(key.visible);
      input.values.emplace_back();
      for (std::size_t c = 0; c < row.channels; ++c) {
        input.values.back().push_back(software_.number(key.value.at(c)));
      }
    }
    return input;
  }

  Ruling definition(const Seen<A>& seen) const {
    for (std::size_t c = 0; c < seen.row.channels; ++c) {
      const auto [numerator, denominator] = sums(seen.row, c);
      const Wide expected = denominator == 0 ? wide_.zero() : wide_.div(numerator, denominator);
      const Ruling ruling = compare(c, wide_.sub(output(seen, c), expected), bound(seen));
      if (ruling.decision != Decision::held) return ruling;
    }
    return {};
  }

  Ruling total(const Seen<A>& seen) const {
    if constexpr (semantics::LogSumExp<A>) {
      const Wide denominator = sums(seen.row, 0).second;
      if (denominator == 0) return no_total(seen);
      const Wide zero = wide_.zero();
      return compare(-1, wide_.sub(lse(seen), wide_.lse(zero, denominator)), lse_bound(seen));
    } else {
      return {Decision::undecided, "no logarithm"};
    }
  }

  Ruling total_moves(const Seen<A>& from, const Seen<A>& to, int copies, int shift) const {
    if constexpr (semantics::LogSumExp<A>) {
      if (!from.finished || sums(from.row, 0).second == 0) return no_total(to);
      const Wide added = wide_.lse(wide_.number(kNatsAUnit * shift), wide_.number(copies));
      const Wide moved = wide_.add(lse(from), added);
      return compare(-1, wide_.sub(lse(to), moved), lse_bound(from) + lse_bound(to));
    } else {
      return {Decision::undecided, "no logarithm"};
    }
  }

  Ruling sum(const std::vector<SeenTerm<A>>& terms, const SumIs& claim) const {
    for (const std::size_t c : channels_of(claim, terms.front().seen->row)) {
      Wide sum = wide_.number(-claim.constant);
      double most = 0;
      for (const auto& term : terms) {
        sum = wide_.add(sum, wide_.mul(wide_.number(term.coefficient), output(*term.seen, c)));
        most += std::abs(term.coefficient) * bound(*term.seen);
      }
      const Ruling ruling = compare(static_cast<int>(c), sum, claim.bitwise ? 0 : most);
      if (ruling.decision != Decision::held) return ruling;
    }
    return {};
  }

  Ruling within(const Seen<A>& seen, const std::array<int, kMostChannels>& low,
                const std::array<int, kMostChannels>& high) const {
    for (std::size_t c = 0; c < seen.row.channels; ++c) {
      const Wide got = output(seen, c);
      const auto negated = [&](const Wide& x) { return wide_.sub(wide_.zero(), x); };
      const Wide at_most = negated(wide_.max(negated(got), wide_.number(-high.at(c))));
      const Wide nearest = wide_.max(wide_.number(low.at(c)), at_most);
      const Ruling ruling = compare(static_cast<int>(c), wide_.sub(got, nearest), bound(seen));
      if (ruling.decision != Decision::held) return ruling;
    }
    return {};
  }

 private:
  // sum w v and sum w over the visible keys, without a shift: the exponents of MPFR are wide enough.
  std::pair<Wide, Wide> sums(const RowCase& row, std::size_t channel) const {
    Wide numerator = wide_.zero();
    Wide denominator = wide_.zero();
    for (const KeyCase& key : row.keys) {
      if (!key.visible) continue;
      const Wide weight = wide_.exp(wide_.number(score_number(key, row.shift)));
      numerator = wide_.add(numerator, wide_.mul(weight, wide_.number(key.value.at(channel))));
      denominator = wide_.add(denominator, weight);
    }
    return {numerator, denominator};
  }

  Wide output(const Seen<A>& seen, std::size_t c) const {
    return seen.finished ? software_.wide(wide_, seen.finished->output.at(c)) : wide_.zero();
  }
  Wide lse(const Seen<A>& seen) const {
    return software_.wide(wide_, software_.k.lse(seen.finished->m, seen.finished->l));
  }
  Ruling no_total(const Seen<A>& seen) const {
    if (!seen.finished || lse(seen) == wide_.masked()) return {};
    return violation("lse of no key is not -inf");
  }

  struct Sizes {
    double n = 0, score = 0, value = 1, tau = 0;
  };
  static Sizes sizes(const RowCase& row) {
    Sizes sizes{.tau = kNatsAUnit * row.choices.tau};
    sizes.n = static_cast<double>(row.keys.size());
    for (const KeyCase& key : row.keys) {
      sizes.score = std::max(sizes.score, std::fabs(score_number(key, row.shift)));
      for (const int v : key.value) sizes.value = std::max(sizes.value, std::fabs(v));
    }
    return sizes;
  }
  static double factor_error(const Sizes& s, const FormEntry& form) {
    const double e = Software::kError;
    const double x = e * (3 * s.n + 2 + 2 * s.score + 2 * s.tau);
    if (form.needs != FormNeeds::log_sum_exp) return x;
    return (s.n + 1) * (x + e * (4 * s.score + 6 * std::log(s.n) + 8));
  }
  static double bound(const Seen<A>& seen) {
    const Sizes s = sizes(seen.row);
    const double underflow = (s.n + 1) * (s.n + 1) * Software::kUnderflow;
    return (3 * factor_error(s, *seen.form) + underflow) * s.value;
  }
  static double lse_bound(const Seen<A>& seen) {
    const Sizes s = sizes(seen.row);
    return 3 * factor_error(s, *seen.form) + 2 * Software::kError * (s.score + std::log(s.n) + s.tau + 2);
  }

  static Ruling compare(int channel, const Wide& difference, double bound) {
    if (abs(difference) <= bound) return {};  // false for NaN
    const std::string what = channel < 0 ? "lse" : fmt::format("channel {}", channel);
    return violation(fmt::format("{}: off by {:.3g}, beyond the bound {:.3g}", what,
                                 difference.template convert_to<double>(), bound));
  }
  static Ruling compare(std::size_t channel, const Wide& difference, double bound) {
    return compare(static_cast<int>(channel), difference, bound);
  }

  Software software_{};
  semantics::Mpfr wide_{400};
};

}  // namespace attest::forms
