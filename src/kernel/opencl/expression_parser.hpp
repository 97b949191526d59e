// Reads the text of an expression into its steps.
#pragma once

#include <string_view>
#include <vector>

#include "kernel/opencl/expression.hpp"

namespace attest::kernel::opencl {

/// In reverse Polish notation. Throws ExpressionError.
std::vector<Expression::Step> parse_steps(std::string_view text);

}  // namespace attest::kernel::opencl
