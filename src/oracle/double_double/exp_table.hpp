// The powers of two that the exponential of pairs is assembled from.
#pragma once

#include <array>
#include <cstddef>

namespace attest::oracle::dd {

constexpr std::size_t kExpSteps = 64;  ///< of an octave

/// 2^(j / kExpSteps) as hi + lo, each correctly rounded by MPFR: off by at most 2^-53 |lo|.
struct ExpTable {
  alignas(64) std::array<double, kExpSteps> hi{};
  alignas(64) std::array<double, kExpSteps> lo{};
};

const ExpTable& exp_table();

}  // namespace attest::oracle::dd
