// Reads the lists of a description.
#pragma once

#include <string_view>
#include <vector>

#include "kernel/opencl/description.hpp"

namespace attest::kernel::opencl {

/// The parts between commas outside parentheses, without spaces around them. Throws ExpressionError for an
/// empty one.
std::vector<std::string_view> parts_of(std::string_view list);

/// "q", "int q_len", "float scale", "local 4 * qk_dim". Throws ExpressionError.
Argument parse_argument(std::string_view text);

/// The text without spaces at its ends.
std::string_view trimmed(std::string_view text);
/// The first word, which is taken away from the text.
std::string_view take_word(std::string_view& text);

}  // namespace attest::kernel::opencl
