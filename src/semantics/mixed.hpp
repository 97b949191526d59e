// What 16-bit kernels do: scores and sums in f32, probabilities rounded to 16 bits before they meet a value.
//
// The denominator sums the unrounded weights, as FlashAttention's does. Values are 16-bit numbers held in
// f32, so that the product of a probability and a value is exact there.
#pragma once

#include "numerics/format.hpp"
#include "semantics/native.hpp"

namespace attest::semantics {

template <class Exp = LibmExp>
struct Mixed : Native<float, Exp> {
  Format probability_format = kBfloat16;

  float probability(float x) const { return static_cast<float>(round_to(probability_format, x)); }
};

}  // namespace attest::semantics
