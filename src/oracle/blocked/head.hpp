// What the blocked tier needs to know of the keys and values of one head before it reads them tile by tile.
#pragma once

#include <cstdint>
#include <vector>

#include "problem/key_value.hpp"

namespace attest::oracle::blocked {

/// |x|_2 from above; infinite or NaN where x is, or where squares overflow.
double norm_above(const double* x, std::int64_t n);

struct HeadFacts {
  bool usable = false;  ///< every key and value that exists is finite and far from the ends of f64's range
  double key_norm = 0;  ///< at least every |k_j|_2
  double key_sum = 0;   ///< at least every |k_j|_1
  double key_max = 0;   ///< largest |k_jc|
  std::vector<double> centre;     ///< [channels] c_c
  std::vector<double> deviation;  ///< [channels] at least max |v_jc - c_c|
  std::vector<double> value_max;  ///< [channels] max |v_jc|
  std::vector<double> unit;       ///< [channels] a power of two, at least the deviation
  std::vector<double> per_unit;   ///< [channels] 1 / unit
};

/// Reads every key that exists in batch b, visible or not. `channels` is v_dim, padded.
HeadFacts head_facts(const Problem& problem, std::int64_t b, std::int64_t kv_head, std::size_t channels);

}  // namespace attest::oracle::blocked
