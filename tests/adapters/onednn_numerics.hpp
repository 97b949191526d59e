// Measures the adapter's exponential and tanh through attention problems with two keys.
#pragma once

#include <string>
#include <string_view>

#include "oracle/contract/contract.hpp"

namespace attest::onednn_tests {

/// The alternative of a declared contract that begins with this preset; empty when there is none.
std::string alternative(const std::string& contract, std::string_view preset);

struct Declared {
  double exp_rel = 0, tanh_rel = 0;
};
Declared declared_f32(const std::string& variant = "");

/// Largest relative error of exp over two million arguments in [-87, 0], half of them spread over the
/// exponents, less what the measurement itself may add.
double worst_exponential(const std::string& variant);

/// Largest relative error of tanh under a softcap of 64 over arguments in [-8, -2^-6], less what the division
/// by the softcap, the product and the exponential may add.
double worst_tanh(const std::string& variant);

}  // namespace attest::onednn_tests
