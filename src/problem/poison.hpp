// What lies between and around the elements of a tensor in a kernel's memory.
#pragma once

#include <cstdint>

namespace attest {

/// How far kPoison reaches around each element of a tensor whose memory is otherwise left untouched, in
/// bytes; and how far around any tensor a kernel's writes are looked for.
inline constexpr std::uint64_t kPoisonReach = 256;

/// Whether a tensor of so many bytes, of which so many hold elements, is mapped with pages between them that
/// nobody writes: they read as 0. All other tensors hold kPoison between their elements.
constexpr bool leaves_pages_untouched(std::uint64_t bytes, std::uint64_t element_bytes) {
  constexpr std::uint64_t kLarge = std::uint64_t{1} << 22;
  return bytes > kLarge && bytes / 8 > element_bytes;
}

}  // namespace attest
