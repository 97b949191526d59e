// How much stack a call takes.
#pragma once

#include <cstddef>
#include <functional>

namespace attest {

/// Runs `body` in a thread whose stack was painted, and returns the bytes from its entry to the deepest byte
/// that lost its paint. Throws std::runtime_error when the thread cannot be made; `body` must not throw.
std::size_t stack_bytes_of(const std::function<void()>& body);

}  // namespace attest
