// Rows in blocks of 32 channels that share an f16 scale: q8_0 and q4_0.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "kernel/adapters/ggml/api.hpp"

namespace attest::kernel::ggml {

inline constexpr std::int64_t kBlock = 32;

inline bool in_blocks(Type type) { return type == Type::q8_0 || type == Type::q4_0; }

/// The values that blocks hold, from the definition of their format (ggml-common.h): a scale d in f16, then
/// 32 signed bytes q of value d q, or 16 bytes of two nibbles n, of channels i and i + 16, of value d (n -
/// 8).
std::vector<float> dequantised(Type type, const std::vector<std::byte>& blocks);

/// Rows of `channels` (a multiple of 32) values, quantised by ggml; nullopt where what the blocks hold is not
/// what was given, or not finite.
std::optional<std::vector<std::byte>> quantised(Type type, const std::vector<float>& values,
                                                std::int64_t channels, const Api& api);

}  // namespace attest::kernel::ggml
