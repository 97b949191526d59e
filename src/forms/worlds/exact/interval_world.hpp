// Intervals: a score is the log of the rational world's weight, and every result must enclose the rational
// one.
#pragma once

#include <algorithm>
#include <cmath>

#include "forms/worlds/exact/rational_field.hpp"
#include "semantics/interval.hpp"

namespace attest::forms {

class IntervalWorld {
 public:
  using A = semantics::Interval;
  using Number = semantics::Interval::Number;
  using Exact = semantics::Rational::Number;
  static constexpr long kBits = 128;
  static constexpr SemanticsEntry kEntry{
      .name = "intervals",
      .meaning = "intervals with 128-bit endpoints; they enclose the rational result and are narrow"};

  const A& semantics(const RowCase&) const { return k_; }

  std::string_view why_not(const RowCase&, const FormEntry&) const { return ""; }

  FormInput<A> numbers(const RowCase& row) const {
    FormInput<A> input{{}, {}, {}, integer(0), row.choices.tile, 1};
    for (const KeyCase& key : row.keys) {
      input.scores.push_back(k_.log(point(weight_of(key, row.shift))));
      input.visible.push_back(key.visible);
      input.values.emplace_back();
      for (std::size_t c = 0; c < row.channels; ++c) {
        input.values.back().push_back(integer(key.value.at(c)));
      }
    }
    return input;
  }

  Ruling definition(const Seen<A>& seen) const {
    for (std::size_t c = 0; c < seen.row.channels; ++c) {
      const Number got = output(seen, c);
      const Exact expected = RationalField::expected(seen.row, c);
      if (!encloses(got, expected)) return lost(c, got, expected);
      if (!(width(got) <= widest(seen))) {
        return violation(fmt::format("channel {}: an interval {:g} wide", c, width(got)));
      }
    }
    return {};
  }

  Ruling total(const Seen<A>& seen) const { return total_is(seen, RationalField::total(seen.row)); }
  Ruling total_moves(const Seen<A>& from, const Seen<A>& to, int copies, int shift) const {
    const Ruling before = total(from);
    if (before.decision != Decision::held) return before;
    return total_is(to, RationalField::total(from.row) * copies * weight_of_power(shift));
  }

  // The exact outputs satisfy the claim, so the intervals' sum contains its constant; and it is narrow, or
  // anything would.
  Ruling sum(const std::vector<SeenTerm<A>>& terms, const SumIs& claim) const {
    for (const std::size_t c : channels_of(claim, terms.front().seen->row)) {
      Number left = integer(0);
      double most = 0;
      for (const auto& term : terms) {
        left = k_.add(left, k_.mul(integer(term.coefficient), output(*term.seen, c)));
        most += std::abs(term.coefficient) * widest(*term.seen);
      }
      if (!encloses(left, claim.constant)) return lost(c, left, claim.constant);
      if (!(width(left) <= 2 * most)) {
        return violation(fmt::format("channel {}: an interval {:g} wide", c, width(left)));
      }
    }
    return {};
  }

  Ruling within(const Seen<A>& seen, const std::array<int, kMostChannels>& low,
                const std::array<int, kMostChannels>& high) const {
    for (std::size_t c = 0; c < seen.row.channels; ++c) {
      const Number got = output(seen, c);
      const bool meets = mpfr_cmp_si(got.backend().left_data(), high.at(c)) <= 0 &&
                         mpfr_cmp_si(got.backend().right_data(), low.at(c)) >= 0;
      if (!meets || !(width(got) <= widest(seen))) {
        return violation(
            fmt::format("channel {}: nothing of {} in [{}, {}]", c, text(got), low.at(c), high.at(c)));
      }
    }
    return {};
  }

 private:
  Number point(const Exact& x) const { return k_.number(x.backend().data()); }
  Number integer(int x) const { return k_.number(static_cast<double>(x)); }
  static bool encloses(const Number& interval, const Exact& x) {
    return semantics::Interval::encloses(interval, x.backend().data());
  }
  static std::string text(const Number& x) {
    return fmt::format("[{:.17g}, {:.17g}]", mpfr_get_d(x.backend().left_data(), MPFR_RNDD),
                       mpfr_get_d(x.backend().right_data(), MPFR_RNDU));
  }
  static Ruling lost(std::size_t c, const Number& got, const Exact& expected) {
    return violation(
        fmt::format("channel {}: {} does not enclose {}", c, text(got), RationalField::text(expected)));
  }
  Number output(const Seen<A>& seen, std::size_t c) const {
    return seen.finished ? seen.finished->output.at(c) : integer(0);
  }
  static double width(const Number& x) {
    mpfr_t width;
    mpfr_init2(width, 64);
    mpfi_diam_abs(width, x.backend().data());
    const double result = mpfr_get_d(width, MPFR_RNDU);
    mpfr_clear(width);
    return result;
  }

  // Each of n keys meets at most n + 1 exponentials of differences of scores up to S = max |s| (ln 2 for a
  // grain included): an enclosed score and the difference are 3 * 2S * 2^-127 wide, an exponential adds
  // 2^-126, a product 2^-127. That is common to no two sums, so numerator and denominator are off by (n +
  // 1)(6 S + 4) 2^-127 each, the sums by 2n 2^-127 more, and the quotient by both and a rounding, times max
  // |v|.
  //
  // Where rows are merged by lse, a merge's shift is an interval that does not cancel with itself: L - M and
  // M + ln(l) make lse up to 3 times as wide, and outputs by as much: less than 4 times with the roundings.
  static double widest(const Seen<A>& seen) {
    const RowCase& row = seen.row;
    double most_score = 0;
    double most_value = 1;
    for (const KeyCase& key : row.keys) {
      most_score = std::max(most_score, std::fabs(0.41 * (key.score + row.shift)) + 0.7);  // ln(3/2) < 0.41
      for (const int v : key.value) most_value = std::max(most_value, std::fabs(v));
    }
    const auto n = static_cast<double>(row.keys.size());
    const bool by_lse = seen.form->needs == FormNeeds::log_sum_exp;
    const auto merges = by_lse ? static_cast<int>(row.choices.splits) - 1 : 0;
    return std::ldexp(4 * (n + 1) * (6 * most_score + 6) * most_value, 1 - kBits + 2 * merges);
  }

  Ruling total_is(const Seen<A>& seen, const Exact& expected) const {
    if (!seen.finished) return expected == 0 ? Ruling{} : violation("no weights");
    const Number sum = k_.mul(k_.exp(seen.finished->m), seen.finished->l);
    // exp(m) is one exponential more, as wide for its size as a sum of them; twice for the product.
    if (!(width(sum) <= 2 * widest(seen) * std::max(1.0, expected.convert_to<double>()))) {
      return violation(fmt::format("the weights sum to an interval {:g} wide", width(sum)));
    }
    if (encloses(sum, expected)) return {};
    return violation(
        fmt::format("the weights sum to {}, exactly {}", text(sum), RationalField::text(expected)));
  }

  semantics::Interval k_{kBits};
};

}  // namespace attest::forms
