// A faulty row is written in doubles: how far its exact result may be from that of the fault itself.
#pragma once

#include <vector>

#include "oracle/definition/row.hpp"

namespace attest::faults {

/// Scores are off by at most this much, absolutely; values, relatively.
struct RowRounding {
  std::vector<double> score;  ///< [keys], empty: exact
  double sink = 0;
  double value = 0;

  bool none() const { return score.empty() && sink == 0 && value == 0; }
};

struct RowDoubt {
  std::vector<double> out;  ///< [v_dim], absolute
  double lse = 0;           ///< absolute
};

/// By (E1) of docs/bound-derivation.md: weights off by a_j relatively move o by sum p_j a_j |v_j - o| / (1 -
/// sum p_j a_j) at most. HUGE_VAL where that says nothing. The row has a visible key and is finite.
RowDoubt doubt_of(const oracle::Row& row, const RowRounding& rounding);

}  // namespace attest::faults
