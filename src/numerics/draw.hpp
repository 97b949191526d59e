// Random choices of the generators: a pure function of the rc::Random that seeds it, the same on every
// machine.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <vector>

#include <rapidcheck/Random.h>

#include "numerics/random_value.hpp"

namespace attest {

class Draw {
 public:
  explicit Draw(rc::Random random) : state_(random.next()) {}

  std::uint64_t bits() { return mixed(state_++); }
  /// In [0, n); n >= 1.
  std::int64_t below(std::int64_t n) {
    return static_cast<std::int64_t>(bits() % static_cast<std::uint64_t>(n));
  }
  /// In [low, high].
  std::int64_t between(std::int64_t low, std::int64_t high) { return low + below(high - low + 1); }
  /// In [0, 1).
  double unit() { return static_cast<double>(bits() >> 11) * 0x1p-53; }
  bool chance(double p) { return unit() < p; }
  double sign() { return (bits() & 1) != 0 ? 1.0 : -1.0; }
  /// Mean 0, deviation 1: the sum of four uniform numbers, so within +- sqrt(12), and exact in binary.
  double normal() {
    const std::uint64_t x = bits();
    const std::uint64_t sum = (x & 0xffff) + ((x >> 16) & 0xffff) + ((x >> 32) & 0xffff) + (x >> 48);
    constexpr double kDeviation = 37837.22;  // of the sum: 65536 / sqrt(3)
    return (static_cast<double>(sum) - 2 * 65535.0) / kDeviation;
  }
  template <class T>
  T pick(std::initializer_list<T> choices) {
    return *(choices.begin() + below(static_cast<std::int64_t>(choices.size())));
  }
  template <class T>
  const T& pick(const std::vector<T>& choices) {
    return choices[static_cast<std::size_t>(below(static_cast<std::int64_t>(choices.size())))];
  }

 private:
  std::uint64_t state_;
};

}  // namespace attest
