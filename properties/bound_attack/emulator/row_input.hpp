// One query row as a kernel reads it: its visible keys and their parameters, gathered from the ABI's rule.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "problem/problem.hpp"

namespace attest::attack {

struct KeyInput {
  std::int64_t index = 0;  ///< position among the batch's keys
  std::vector<double> k;   ///< [qk_dim]
  std::vector<double> v;   ///< [v_dim]
  double bias = 0;
  double distance = 0;  ///< |pos(i) - j|
};

struct RowInput {
  std::vector<double> q;  ///< [qk_dim]
  std::vector<KeyInput> keys;
  std::int64_t existing = 0;  ///< keys of this batch, visible or not
  std::int64_t position = 0;  ///< of the query, as keys count
  Format q_format = kBinary32, kv_format = kBinary32;
  double scale = 1, softcap = 0, slope = 0;
  bool has_bias = false, has_alibi = false;
  std::optional<double> sink;
};

RowInput read_row(const Problem& problem, std::int64_t b, std::int64_t h, std::int64_t i);

/// What the row comes to without rounding (64-bit arithmetic): where errors hurt the target most.
struct Ideal {
  std::vector<long double> probability;  ///< of each key, then of the sink
  std::vector<long double> out;          ///< [v_dim]
};

Ideal ideal_row(const RowInput& row);

}  // namespace attest::attack
