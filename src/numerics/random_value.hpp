// Small pseudo-random numbers for laws, a pure function of a seed.
#pragma once

#include <cstdint>

namespace attest {

/// SplitMix64's output function (Steele, Lea, Flood 2014): any 64 bits to well-mixed 64 bits.
constexpr std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

/// In [0, 1), a multiple of 1/64: exact in every format.
constexpr double random_unit(std::uint64_t seed) { return static_cast<double>(mixed(seed) >> 58) / 64; }

/// In [0, n).
constexpr std::int64_t random_below(std::uint64_t seed, std::int64_t n) {
  return static_cast<std::int64_t>(mixed(seed) % static_cast<std::uint64_t>(n));
}

}  // namespace attest
