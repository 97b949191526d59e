#include "forms/worlds/exact/rational_field.hpp"

namespace attest::forms {

using Number = semantics::Rational::Number;

Number weight_of_power(int power) {
  using Integer = boost::multiprecision::mpz_int;
  const auto exponent = static_cast<unsigned>(std::abs(power));
  const Number size{boost::multiprecision::pow(Integer(3), exponent), Integer(1) << exponent};
  return power < 0 ? Number(1 / size) : size;
}

Number weight_of(const KeyCase& key, int shift) {
  return weight_of_power(key.score + shift) * Number(16 + key.grain, 16);
}

Number RationalField::expected(const RowCase& row, std::size_t channel) {
  Number numerator = 0;
  Number denominator = 0;
  for (const KeyCase& key : row.keys) {
    if (!key.visible) continue;
    const Number weight = weight_of(key, row.shift);
    numerator += weight * key.value.at(channel);
    denominator += weight;
  }
  return denominator == 0 ? Number(0) : Number(numerator / denominator);
}

Number RationalField::total(const RowCase& row) {
  Number sum = 0;
  for (const KeyCase& key : row.keys) {
    if (key.visible) sum += weight_of(key, row.shift);
  }
  return sum;
}

std::string RationalField::text(const Number& x) {
  const std::string exact = x.str();
  constexpr std::size_t kReadable = 40;
  return exact.size() <= kReadable ? exact : fmt::format("{:.17g}", x.convert_to<double>());
}

std::unique_ptr<FormWorld> make_rational_world() {
  return std::make_unique<WorldOf<ExactWorld<RationalField>>>();
}

}  // namespace attest::forms
