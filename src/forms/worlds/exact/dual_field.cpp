#include "forms/worlds/exact/dual_field.hpp"

namespace attest::forms {

using Number = semantics::Rational::Number;

DualField::A DualField::semantics(const RowCase& row) const {
  return {{}, [next = row.choices.maxima]() mutable { return Number(random_below(++next, 199) - 99); }};
}

int DualField::slope_of(const KeyCase& key, int shift) {
  const auto name = static_cast<std::uint64_t>(key.score) * 8 + static_cast<std::uint64_t>(key.grain);
  return static_cast<int>(random_below(name, 19)) - 9 + shift;
}

DualField::A::Acc DualField::expected(const RowCase& row, std::size_t channel) {
  const Number sum = RationalField::total(row);
  if (sum == 0) return zero();
  const Number mean = RationalField::expected(row, channel);
  Number slope = 0;
  for (const KeyCase& key : row.keys) {
    if (!key.visible) continue;
    const Number p = weight_of(key, row.shift) / sum;
    const int value = key.value.at(channel);
    slope += p * ((value - mean) * slope_of(key, row.shift) + value * slope_of_value(channel));
  }
  return {mean, slope};
}

DualField::A::Acc DualField::total(const RowCase& row) {
  Number slope = 0;
  for (const KeyCase& key : row.keys) {
    if (key.visible) slope += weight_of(key, row.shift) * slope_of(key, row.shift);
  }
  return {RationalField::total(row), slope};
}

std::unique_ptr<FormWorld> make_dual_world() { return std::make_unique<WorldOf<ExactWorld<DualField>>>(); }

}  // namespace attest::forms
