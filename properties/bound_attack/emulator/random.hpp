// A seeded source of choices whose streams do not depend on the standard library's distributions.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>

namespace attest::attack {

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  /// Uniform in [0, 1), 53 bits.
  double unit() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }
  /// Uniform in [0, count); count >= 1. The modulo bias is below 2^-40 for every count used here.
  std::size_t below(std::size_t count) { return static_cast<std::size_t>(engine_() % count); }
  bool flip() { return (engine_() >> 63) != 0; }
  int sign() { return flip() ? 1 : -1; }
  double normal() {
    const double radius = std::sqrt(-2 * std::log(1 - unit()));
    return radius * std::cos(2 * std::numbers::pi * unit());
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace attest::attack
