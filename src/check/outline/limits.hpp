// How far generated inputs may go before a contract's certificate says nothing.
#pragma once

#include <cstdint>

#include "oracle/contract/contract.hpp"

namespace attest::check {

struct Limits {
  double score = 0;  ///< of |scale| * sum |q k|: above it a single visible key makes its row's bound useless
  /// Of |bias| where it hides its key: beyond, the score may overflow or its error say nothing.
  double bias = 0;
  double sloped_bias = 0;  ///< the same where slopes add to the scores too: one more rounding of the sum
  double overflow = 0;     ///< from here on a correct kernel's score may be infinite
  double value = 0;        ///< of |v|, for rows of `keys` keys: Omega / (4 n), in sums Omega / (4 n e^tau)
  double query = 0;        ///< of |q|: what the contract converts queries to holds it
  std::int64_t keys = 0;   ///< longest row whose sums are certified usefully
};

/// For rows of at most `keys` keys of dimension qk_dim. The smallest limits of the alternatives.
Limits limits_of(const oracle::ContractSet& contract, DType out, DType kv, std::int64_t qk_dim,
                 std::int64_t keys);

}  // namespace attest::check
