// Counts heap allocations, to check runs that promise none.
#pragma once

#include <cstdint>

namespace attest::space {

/// Calls of malloc and its relatives (operator new is one) by the calling thread so far. A program that links
/// this has the C library's allocator behind counting functions.
std::uint64_t allocations_of_this_thread() noexcept;

}  // namespace attest::space
