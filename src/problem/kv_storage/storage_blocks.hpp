// What the storages that scale 32 channels together hold of them.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "problem/kv_storage.hpp"

namespace attest {

/// ggml's kvalues_iq4nl: what a scale multiplies in iq4_nl.
inline constexpr std::array<int, 16> kNonlinearLevels{-127, -104, -83, -65, -49, -35, -22, -10,
                                                      1,    13,   25,  38,  53,  69,  89,  113};
/// The place of the level nearest to x.
std::size_t nearest_level(double x);

/// Replaces the values of a block by those that the storage, one in blocks, holds near them. Blocks that hold
/// an infinity or NaN stay as they are.
void store_block(std::span<double> block, KvStorage storage);

}  // namespace attest
