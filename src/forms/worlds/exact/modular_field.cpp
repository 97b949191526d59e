#include "forms/worlds/exact/modular_field.hpp"

namespace attest::forms {
namespace {

const semantics::Modular kField;

// A random exponent times an integer: shifts add up as scores do.
semantics::Modular::Score exponent_of_shift(int shift) {
  const semantics::Modular::Score unit = kField.score(0x5117);
  semantics::Modular::Score sum{};
  for (int i = 0; i < std::abs(shift); ++i) sum = kField.sub(sum, unit);
  return shift < 0 ? sum : kField.sub({}, sum);
}

}  // namespace

semantics::Modular::Score ModularField::score(const KeyCase& key, int shift) {
  const auto name = static_cast<std::uint64_t>(key.score) * 8 + static_cast<std::uint64_t>(key.grain);
  const semantics::Modular::Score negated = kField.sub(exponent_of_shift(-shift), kField.score(mixed(name)));
  return kField.sub({}, negated);
}

semantics::Modular::Acc ModularField::value(int integer, std::size_t) {
  semantics::Modular::Acc residue{};
  for (std::size_t i = 0; i < 2; ++i) {
    const auto size = static_cast<std::uint64_t>(std::abs(integer));
    residue.residue.at(i) = integer < 0 ? semantics::kSafePrimes.at(i) - size : size;
  }
  return residue;
}

semantics::Modular::Acc ModularField::weight_of_shift(int shift) {
  return kField.exp(exponent_of_shift(shift));
}

semantics::Modular::Acc ModularField::expected(const RowCase& row, std::size_t channel) {
  semantics::Modular::Acc numerator = zero();
  bool any = false;
  for (const KeyCase& key : row.keys) {
    if (!key.visible) continue;
    any = true;
    const semantics::Modular::Acc weight = kField.exp(score(key, row.shift));
    numerator = kField.add(numerator, kField.mul(weight, value(key.value.at(channel), channel)));
  }
  return any ? kField.div(numerator, total(row)) : zero();
}

semantics::Modular::Acc ModularField::total(const RowCase& row) {
  semantics::Modular::Acc sum = zero();
  for (const KeyCase& key : row.keys) {
    if (key.visible) sum = kField.add(sum, kField.exp(score(key, row.shift)));
  }
  return sum;
}

std::string ModularField::text(const semantics::Modular::Acc& x) {
  return fmt::format("({:#x}, {:#x})", x.residue[0], x.residue[1]);
}

std::unique_ptr<FormWorld> make_modular_world() {
  return std::make_unique<WorldOf<ExactWorld<ModularField>>>();
}

}  // namespace attest::forms
