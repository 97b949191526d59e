// Measures the stack use of a call.
#pragma once

#include <cstddef>
#include <functional>

namespace attest::space {

/// Runs `body` in a thread whose stack is filled with a pattern, and returns the bytes from its entry to the
/// deepest byte that changed. Throws std::runtime_error if the thread cannot be created. `body` must not
/// throw.
std::size_t stack_bytes_of(const std::function<void()>& body);

}  // namespace attest::space
