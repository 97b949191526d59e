// Worlds of machine floats: a result must be within the certified bound of the contract that the form keeps.
//
// Two results whose exact values satisfy a linear relation satisfy it up to the sum of their bounds.
#pragma once

#include <algorithm>
#include <cmath>

#include "forms/worlds/certificate.hpp"
#include "forms/worlds/examine.hpp"

namespace attest::forms {

/// Format has A, kEntry, kDType (of inputs and outputs), kContract, and semantics().
template <class Format>
class CertifiedWorld {
 public:
  using A = typename Format::A;
  using Score = typename A::Score;
  using Acc = typename A::Acc;
  static constexpr SemanticsEntry kEntry = Format::kEntry;

  A semantics(const RowCase&) const { return Format::semantics(); }

  std::string_view why_not(const RowCase& row, const FormEntry& form) const {
    if (form.needs == FormNeeds::log_sum_exp && row.choices.splits > 2) {
      return "the certified bound is for one merge by lse, as each repeats the error of lse";
    }
    return certifier_.holds(row) ? "" : "the format cannot represent the case";
  }

  FormInput<A> numbers(const RowCase& row) const {
    const double tau = kNatsAUnit * row.choices.tau;
    FormInput<A> input{{}, {}, {}, static_cast<Score>(tau), row.choices.tile, 1};
    for (const KeyCase& key : row.keys) {
      input.scores.push_back(static_cast<Score>(score_number(key, row.shift)));
      input.visible.push_back(key.visible);
      input.values.emplace_back();
      for (std::size_t c = 0; c < row.channels; ++c) {
        input.values.back().push_back(static_cast<Acc>(key.value.at(c)));
      }
    }
    return input;
  }

  Ruling definition(const Seen<A>& seen) const {
    return certifier_.judged(seen.row, *seen.form, stored(seen), false);
  }
  Ruling total(const Seen<A>& seen) const {
    return certifier_.judged(seen.row, *seen.form, stored(seen), true);
  }

  Ruling total_moves(const Seen<A>& from, const Seen<A>& to, int copies, int shift) const {
    const double moved = stored(from).lse + kNatsAUnit * shift + std::log(copies);
    const double got = stored(to).lse;
    if (sees_nothing(to.row)) return got == -HUGE_VAL ? Ruling{} : violation("lse of no key is not -inf");
    const double bound =
        certifier_.bounds(from.row, *from.form).lse + certifier_.bounds(to.row, *to.form).lse;
    // The two additions and the log above: 4 u of f64 relative to what is added.
    const double slack = 0x1p-51 * (std::fabs(stored(from).lse) + std::fabs(kNatsAUnit * shift) + copies);
    return compare("lse", got, moved, bound, slack);
  }

  Ruling sum(const std::vector<SeenTerm<A>>& terms, const SumIs& claim) const {
    Ruling ruling;
    for (const std::size_t c : channels_of(claim, terms.front().seen->row)) {
      const Ruling channel = claim.bitwise ? same_bits(terms, claim, c) : sum_of_channel(terms, claim, c);
      ruling = worse(std::move(ruling), channel);
    }
    return ruling;
  }

  Ruling within(const Seen<A>& seen, const std::array<int, kMostChannels>& low,
                const std::array<int, kMostChannels>& high) const {
    const FloatBounds bounds = certifier_.bounds(seen.row, *seen.form);
    Ruling ruling;
    for (std::size_t c = 0; c < seen.row.channels; ++c) {
      const double got = stored(seen).output.at(c);
      const double nearest = std::clamp<double>(std::isnan(got) ? 0 : got, low.at(c), high.at(c));
      const double bound = seen.finished ? bounds.output.at(c) : 0;
      ruling = worse(std::move(ruling), compare(fmt::format("channel {}", c), got, nearest, bound, 0));
    }
    return ruling;
  }

 private:
  // What a kernel would have stored: outputs in the dtype, lse in f32 or f64.
  static FloatRow stored(const Seen<A>& seen) {
    FloatRow row{std::vector<double>(seen.row.channels, 0)};
    if (!seen.finished) return row;
    for (std::size_t c = 0; c < row.output.size(); ++c) {
      row.output[c] = representable(Format::kDType, static_cast<double>(seen.finished->output.at(c)));
    }
    row.lse = static_cast<double>(Format::semantics().lse(seen.finished->m, seen.finished->l));
    return row;
  }

  static bool sees_nothing(const RowCase& row) {
    return std::none_of(row.keys.begin(), row.keys.end(), [](const KeyCase& key) { return key.visible; });
  }

  Ruling sum_of_channel(const std::vector<SeenTerm<A>>& terms, const SumIs& claim, std::size_t c) const {
    double sum = 0;
    double bound = 0;
    double size = 0;
    for (const auto& term : terms) {
      const double output = stored(*term.seen).output.at(c);
      sum += term.coefficient * output;
      size += std::fabs(term.coefficient * output);
      if (sees_nothing(term.seen->row)) continue;  // exactly zero
      bound += std::abs(term.coefficient) * certifier_.bounds(term.seen->row, *term.seen->form).output.at(c);
    }
    // The additions above, in f64.
    const double slack = 0x1p-53 * static_cast<double>(terms.size()) * size;
    return compare(fmt::format("channel {}", c), sum, claim.constant, bound, slack);
  }

  static Ruling same_bits(const std::vector<SeenTerm<A>>& terms, const SumIs& claim, std::size_t c) {
    const double left = terms.at(0).coefficient * stored(*terms.at(0).seen).output.at(c);
    const double right = -terms.at(1).coefficient * stored(*terms.at(1).seen).output.at(c);
    if (claim.constant == 0 && left == right) return {};
    return violation(fmt::format("channel {}: {:.17g} and {:.17g} are not the same", c, left, right));
  }

  // slack: for the roundings of got and expected themselves. It must not decide whether anything is
  // certified: it is infinite or NaN where a result is, and such a result is wrong.
  static Ruling compare(const std::string& what, double got, double expected, double bound, double slack) {
    if (!(bound < HUGE_VAL)) return {Decision::undecided, "nothing is certified"};
    if (std::isfinite(got) && std::isfinite(expected) && std::fabs(got - expected) <= bound + slack)
      return {};
    return violation(
        fmt::format("{}: {:.9g} in place of {:.9g}, beyond the bound {:.3g}", what, got, expected, bound));
  }

  Certifier certifier_{Format::kDType, Format::kContract};
};

}  // namespace attest::forms
