// Rows in blocks of 32 channels that share a scale: q8_0, q4_0, q4_1, q5_0, q5_1 and iq4_nl.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "kernel/adapters/ggml/api.hpp"

namespace attest::kernel::ggml {

inline constexpr std::int64_t kBlock = 32;

bool in_blocks(Type type);
/// Of a type in blocks.
std::size_t block_bytes(Type type);

/// The values that blocks hold, from the definition of their format (ggml-common.h, ggml-quants.c): a scale d
/// in f16 and, in q4_1 and q5_1, a minimum m in f16; in q5_0 and q5_1 the fifth bits of 32 numbers; then 32
/// signed bytes, or 16 bytes of two nibbles, of channels i and i + 16. The value is d q (q8_0), d (n - 8) and
/// d (n - 16) (q4_0, q5_0), d n + m in f32 (q4_1, q5_1), or d times the n-th of 16 integers (iq4_nl).
std::vector<float> dequantised(Type type, const std::vector<std::byte>& blocks);

/// Rows of `channels` (a multiple of 32) values, quantised by ggml, or for iq4_nl, of which ggml may choose
/// another scale, by their definition; nullopt where what the blocks hold is not what was given, or not
/// finite.
std::optional<std::vector<std::byte>> quantised(Type type, const std::vector<float>& values,
                                                std::int64_t channels, const Api& api);

}  // namespace attest::kernel::ggml
