// What a case means in dual numbers over the rationals.
#pragma once

#include "forms/worlds/exact/rational_field.hpp"
#include "semantics/dual.hpp"

namespace attest::forms {

/// Scores have slopes of their own, the shift's slope is the shift, values' slopes are multiples of them; the
/// slope of a maximum is drawn from Choices::maxima, and must not show.
struct DualField {
  using A = semantics::Dual<semantics::Rational>;
  static constexpr SemanticsEntry kEntry{
      .name = "dual numbers",
      .meaning = "exact rationals with their derivatives, and any derivative at a max; both are equal",
      .free_maxima = true};

  A semantics(const RowCase& row) const;
  static int slope_of(const KeyCase& key, int shift);
  static int slope_of_value(std::size_t channel) { return channel == 1 ? -3 : 2; }
  static A::Score score(const KeyCase& key, int shift) {
    return {{weight_of(key, shift)}, slope_of(key, shift)};
  }
  static A::Score threshold(int tau) { return {{weight_of_power(tau)}, 0}; }
  static A::Acc value(int integer, std::size_t channel) {
    return {integer, integer * slope_of_value(channel)};
  }
  static A::Acc zero() { return {0, 0}; }
  static A::Acc weight_of_shift(int shift) {
    return {weight_of_power(shift), weight_of_power(shift) * shift};
  }
  /// Its slope by the derivative of softmax: sum p_j ((v_j - o) s_j' + v_j').
  static A::Acc expected(const RowCase& row, std::size_t channel);
  static A::Acc total(const RowCase& row);
  static bool same(const A::Acc& x, const A::Acc& y) { return x.value == y.value && x.slope == y.slope; }
  static bool is_below(const A::Acc& x, const A::Acc& y) { return x.value < y.value; }
  static std::string text(const A::Acc& x) {
    return fmt::format("{} with slope {}", RationalField::text(x.value), RationalField::text(x.slope));
  }
};

}  // namespace attest::forms
