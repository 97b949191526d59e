// One row in pairs of f64, key by key: slower than a group, sharp where few keys count.
#pragma once

#include "oracle/definition/row.hpp"
#include "oracle/facts.hpp"

namespace attest::oracle::dd {

/// o and lse of a gathered row with at least one key, all finite. Each key has an error of its own, and the
/// radius of a channel scales with the distances of the values that count from the result, so that rows of
/// huge scores, of biases that hide keys and of tiny results are settled (docs/bound-derivation.md 14).
SharpRow sharpen_by_keys(const Row& row);

}  // namespace attest::oracle::dd
