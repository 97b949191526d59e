// Worlds without rounding: what holds, holds with ==.
//
// The fields below say what a case means in rationals (a weight is (3/2)^score, made unequal by its grain),
// in a pair of finite fields (a weight is a random power of a generator for each score and grain) and in dual
// numbers over the rationals (every score has a slope of its own).
#pragma once

#include <string>

#include "forms/worlds/examine.hpp"
#include "numerics/random_value.hpp"

namespace attest::forms {

/// Field has A, kEntry, semantics(row), score(key, shift), threshold(tau), value(integer, channel),
/// weight_of_shift(shift), expected(row, channel), zero(), total(row), same(x, y), text(x), and is_below(x,
/// y) where kEntry.ordered.
template <class Field>
class ExactWorld : public Field {
 public:
  using A = typename Field::A;
  using Acc = typename A::Acc;

  std::string_view why_not(const RowCase&, const FormEntry&) const { return ""; }

  FormInput<A> numbers(const RowCase& row) const {
    FormInput<A> input{{}, {}, {}, Field::threshold(row.choices.tau), row.choices.tile, 1};
    for (const KeyCase& key : row.keys) {
      input.scores.push_back(Field::score(key, row.shift));
      input.visible.push_back(key.visible);
      input.values.emplace_back();
      for (std::size_t c = 0; c < row.channels; ++c) {
        input.values.back().push_back(Field::value(key.value.at(c), c));
      }
    }
    return input;
  }

  Ruling definition(const Seen<A>& seen) const {
    for (std::size_t c = 0; c < seen.row.channels; ++c) {
      const Acc expected = Field::expected(seen.row, c);
      if (!Field::same(output(seen, c), expected)) return wrong(c, output(seen, c), expected);
    }
    return {};
  }

  Ruling total(const Seen<A>& seen) const {
    const Acc expected = Field::total(seen.row);
    const Acc got = total_of(seen);
    if (Field::same(got, expected)) return {};
    return violation(
        fmt::format("the weights sum to {}, exactly {}", Field::text(got), Field::text(expected)));
  }

  Ruling total_moves(const Seen<A>& from, const Seen<A>& to, int copies, int shift) const {
    const A k = Field::semantics(to.row);
    Acc expected = Field::zero();
    for (int i = 0; i < copies; ++i) expected = k.add(expected, total_of(from));
    expected = k.mul(expected, Field::weight_of_shift(shift));
    const Acc got = total_of(to);
    if (Field::same(got, expected)) return {};
    return violation(
        fmt::format("the weights sum to {} in place of {}", Field::text(got), Field::text(expected)));
  }

  Ruling sum(const std::vector<SeenTerm<A>>& terms, const SumIs& claim) const {
    const RowCase& row = terms.front().seen->row;
    const A k = Field::semantics(row);
    for (const std::size_t c : channels_of(claim, row)) {
      // Coefficients are as small as 1 and 2: the negative ones on the other side, each added in turn.
      Acc left = Field::zero();
      Acc right = Field::value(claim.constant, c);
      for (const auto& term : terms) {
        Acc& side = term.coefficient > 0 ? left : right;
        for (int i = 0; i < std::abs(term.coefficient); ++i) side = k.add(side, output(*term.seen, c));
      }
      if (!Field::same(left, right)) return wrong(c, left, right);
    }
    return {};
  }

  Ruling within(const Seen<A>& seen, const std::array<int, kMostChannels>& low,
                const std::array<int, kMostChannels>& high) const {
    if constexpr (Field::kEntry.ordered) {
      for (std::size_t c = 0; c < seen.row.channels; ++c) {
        const Acc got = output(seen, c);
        if (Field::is_below(got, Field::value(low.at(c), c)) ||
            Field::is_below(Field::value(high.at(c), c), got)) {
          return violation(
              fmt::format("channel {}: {} outside [{}, {}]", c, Field::text(got), low.at(c), high.at(c)));
        }
      }
      return {};
    } else {
      return {Decision::undecided, "a finite field has no order"};
    }
  }

 private:
  static Acc output(const Seen<A>& seen, std::size_t c) {
    return seen.finished ? seen.finished->output.at(c) : Field::zero();
  }
  Acc total_of(const Seen<A>& seen) const {
    if (!seen.finished) return Field::zero();
    const A k = Field::semantics(seen.row);
    return k.mul(k.exp(seen.finished->m), seen.finished->l);
  }
  static Ruling wrong(std::size_t c, const Acc& got, const Acc& expected) {
    return violation(
        fmt::format("channel {}: {} in place of {}", c, Field::text(got), Field::text(expected)));
  }
};

}  // namespace attest::forms
