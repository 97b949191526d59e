// One query row of a problem, gathered: its visible keys and everything that makes their scores and its
// output.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "oracle/definition/head_terms.hpp"
#include "problem/problem.hpp"

namespace attest::oracle {

/// All values are exact copies of the inputs. Masked keys are not read, so what they hold cannot matter.
struct Row : HeadTerms {
  std::int64_t keys = 0;    ///< n, visible keys (the sink not counted)
  std::int64_t qk_dim = 0;  ///< d
  std::int64_t v_dim = 0;
  std::int64_t span = 0;     ///< keys that exist in this batch, visible or not: bounds the number of tiles
  std::vector<double> q;     ///< [qk_dim]
  std::vector<double> k;     ///< [keys, qk_dim]
  std::vector<double> v;     ///< [keys, v_dim]
  std::vector<double> bias;  ///< [keys], empty: none
  std::vector<double> distance;  ///< [keys], |pos(i) - j|, empty: no ALiBi
  bool finite = true;            ///< every gathered input is finite

  bool empty() const { return keys == 0 && !sink; }
};

Row gather_row(const Problem& problem, std::int64_t b, std::int64_t h, std::int64_t i);
/// The same for a row that sees these keys (ascending, below kv_len), whatever the problem says.
Row gather_row(const Problem& problem, std::int64_t b, std::int64_t h, std::int64_t i,
               const std::vector<std::int64_t>& keys);

}  // namespace attest::oracle
