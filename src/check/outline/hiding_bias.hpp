// How large a bias may be that hides its key.
#pragma once

#include "oracle/contract/contract.hpp"

namespace attest::check {

/// The largest |bias| of a hidden key, at most `most`, that leaves a row of this many keys certified: the
/// bound of the row's other keys is hardly larger than without it. `sloped`: slopes add to the scores too.
double largest_hiding_bias(const oracle::Contract& contract, DType out, std::int64_t keys, bool sloped,
                           double most);

}  // namespace attest::check
