// The error of each score under a contract, stage by stage, each stage on the magnitude it acts on.
#pragma once

#include <vector>

#include "oracle/contract.hpp"
#include "oracle/facts.hpp"
#include "oracle/row.hpp"

namespace attest {

struct ScoreErrors {
  std::vector<double>
      alpha;             ///< |computed s_j - exact s_j| <= alpha[j], for every key of facts.keys, in nats
  double largest = 0;    ///< max alpha
  bool in_range = true;  ///< no correct kernel's score, or stage of it, or converted query overflows
};

/// `lambda` bounds the absolute error of one operation that underflows.
ScoreErrors score_errors(const Contract& contract, const Row& row, const RowFacts& facts, double lambda);

}  // namespace attest
