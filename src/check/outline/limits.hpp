// How far generated inputs may go before a contract's certificate says nothing.
#pragma once

#include <cstdint>

#include "oracle/contract/contract.hpp"

namespace attest::check {

struct Limits {
  double score = 0;  ///< of |scale| * sum |q k|: above it a single visible key makes its row's bound useless
  double overflow = 0;    ///< from here on a correct kernel's score may be infinite
  double value = 0;       ///< of |v|, for rows of `keys` keys: Omega / (4 n), in sums Omega / (4 n e^tau)
  double query = 0;       ///< of |q|: what the contract converts queries to holds it
  std::int64_t keys = 0;  ///< longest_row_of the contract
};

/// For rows of at most `keys` keys of dimension qk_dim. The smallest limits of the alternatives.
Limits limits_of(const oracle::ContractSet& contract, DType out, DType kv, std::int64_t qk_dim,
                 std::int64_t keys);

/// The longest row whose sums are certified usefully.
std::int64_t longest_row_of(const oracle::ContractSet& contract);

/// How large |bias| may be where it hides its key, in rows of this many keys: beyond, the score may overflow
/// or its error say nothing. `sloped`: slopes add to the scores too, which is one more rounding of the sum.
double hiding_bias_limit(const oracle::ContractSet& contract, DType out, std::int64_t keys, bool sloped);

}  // namespace attest::check
