// Random rows, and whether what one tier knows of them encloses what another does.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>

#include <gtest/gtest.h>

#include "oracle/definition/row.hpp"
#include "oracle/facts.hpp"

namespace attest::oracle {

// A row of `n` keys with every feature switched on by a bit of `features`, scores of the given deviation.
inline Row random_row(std::mt19937_64& random, std::int64_t n, std::int64_t d, std::int64_t dv,
                      double deviation, unsigned features) {
  std::normal_distribution<double> normal;
  Row row;
  row.keys = n;
  row.qk_dim = d;
  row.v_dim = dv;
  row.span = n;
  row.scale = deviation / std::sqrt(static_cast<double>(d));
  const bool near_identical = (features & 1) != 0;
  for (std::int64_t c = 0; c < d; ++c) row.q.push_back(normal(random));
  for (std::int64_t c = 0; c < n * d; ++c) row.k.push_back(normal(random));
  for (std::int64_t c = 0; c < n * dv; ++c)
    row.v.push_back(near_identical ? 1e3 + 1e-6 * normal(random) : normal(random));
  if ((features & 2) != 0) row.softcap = 3;
  if ((features & 4) != 0) {
    for (std::int64_t j = 0; j < n; ++j) row.bias.push_back(10 * normal(random));
  }
  if ((features & 8) != 0) {
    row.slope = 0.3;
    for (std::int64_t j = 0; j < n; ++j) row.distance.push_back(static_cast<double>(n - j));
  }
  if ((features & 16) != 0) row.sink = 2.5;
  return row;
}

inline void expect_encloses(const Known& wide, const Known& sharp, const char* what) {
  // Differences of pairs need more than 53 bits; long double has 64 and the high parts nearly cancel.
  const long double high = static_cast<long double>(wide.hi) - sharp.hi;
  const long double low = static_cast<long double>(wide.lo) - sharp.lo;
  EXPECT_LE(static_cast<double>(std::fabs(high + low)), (wide.radius + sharp.radius) * (1 + 0x1p-40)) << what;
}

}  // namespace attest::oracle
