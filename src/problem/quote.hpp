// Text of users and of files in messages: short, on one line, printable.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace attest {

/// The text for a message: what no terminal prints (control characters, bytes that are not UTF-8) becomes
/// '?', and what is longer than `most` bytes loses its middle to "...".
std::string quote(std::string_view text, std::size_t most = 40);

/// The known word that is closest to a wrong one: at most two edits away, and fewer than half of its letters.
/// Empty: none is.
std::string closest_word(std::string_view wrong, std::span<const std::string_view> known);

}  // namespace attest
