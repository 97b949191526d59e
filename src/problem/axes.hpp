// What the axes of an operation's tensors count.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "problem/problem.hpp"

namespace attest {

enum class AxisRole : std::uint8_t { batch, q_head, kv_head, row, key, qk_channel, v_channel };

/// "batch", "q_heads", "kv_len", ...: the name of the axis's extent.
constexpr std::string_view name_of(AxisRole role) {
  constexpr std::array<std::string_view, 7> kNames{"batch",  "q_heads", "kv_heads", "q_len",
                                                   "kv_len", "qk_dim",  "v_dim"};
  return kNames[static_cast<std::size_t>(role)];
}

/// Whether the axis counts the numbers of one row.
constexpr bool is_channel(AxisRole role) {
  return role == AxisRole::qk_channel || role == AxisRole::v_channel;
}

/// The problem's extent along such axes. Precondition: q, k and v have rank 4.
std::int64_t extent_of(const Problem& problem, AxisRole role);

}  // namespace attest
