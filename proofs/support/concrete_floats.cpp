#include "support/concrete_floats.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>

#include <fmt/format.h>

namespace attest::proofs {
namespace {

bool same_bits(double x, double y) {
  return (std::isnan(x) && std::isnan(y)) ||
         std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
}

// Of ContractExp (z3_exp.hpp).
bool keeps_contract(double x, double y) {
  if (std::isnan(x)) return std::isnan(y);
  if (x == 0) return y == 1;
  if (x == -HUGE_VAL) return y == 0;
  return x > 0 || (0 <= y && y <= 1);
}

}  // namespace

double ConcreteFloats::number(const std::string& name) const {
  const auto at = values_.find(name);
  return at == values_.end() ? 0 : std::strtod(at->second.c_str(), nullptr);  // hexadecimal, inf and nan too
}

double ConcreteFloats::exponential(double x) {
  const double y = number(fmt::format("exp{}", table_.size()));
  assume(keeps_contract(x, y));
  for (const auto& [argument, result] : table_) assume(!same_bits(x, argument) || same_bits(y, result));
  table_.emplace_back(x, y);
  return y;
}

}  // namespace attest::proofs
