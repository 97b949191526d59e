// Breaks text for a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace attest::report {

inline constexpr std::size_t kTerminalColumns = 80;

/// The label and the text on lines of at most 80 columns, each with a line feed. Lines break at spaces only,
/// so a longer word, such as a path, has a longer line. Lines after the first begin with `indent` spaces.
std::string wrapped(std::string_view label, std::string_view text, std::size_t indent = 2);

}  // namespace attest::report
