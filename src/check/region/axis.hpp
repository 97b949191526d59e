// The extents of a problem, as kernels have rules about them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace attest::check {

/// Extents by the paths that kernels have for them.
enum class Axis : std::uint8_t {
  batch,
  kv_heads,
  group,          ///< query heads a key/value head
  square_len,     ///< q_len and kv_len, where they are equal
  decode_kv_len,  ///< kv_len of a single query
  q_len,          ///< of several queries, where kv_len is another number
  kv_len,         ///< likewise
  dim,            ///< qk_dim and v_dim, where they are equal
  count_,
};
inline constexpr std::size_t kAxes = static_cast<std::size_t>(Axis::count_);
std::string_view name_of(Axis axis);

}  // namespace attest::check
