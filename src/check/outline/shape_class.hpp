// Classes of shapes on which kernels take different paths.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "numerics/draw.hpp"

namespace attest::check {

/// A problem may be of several.
enum class ShapeClass : std::uint8_t {
  one_key,        ///< kv_len 1
  few_keys,       ///< 2 to 14 keys, within any tile
  tile_edge,      ///< a power of two from 16 to 1024 keys, or one key off it
  between_edges,  ///< 18 to 2048 keys, not at such an edge
  decode,         ///< one query, 2 to 2048 keys
  square,         ///< as many queries as keys, at least two
  more_keys,      ///< at least two queries, and more keys
  more_queries,   ///< more queries than keys
  past_2_11,      ///< more than 2^11 keys: where f16 sums of ones stop growing
  past_2_13,      ///< more than 2^13 keys
  past_2_16,      ///< more than 2^16 keys: past 16-bit indices
  count_,
};
inline constexpr std::size_t kShapeClasses = static_cast<std::size_t>(ShapeClass::count_);
using ShapeClasses = std::bitset<kShapeClasses>;

/// "one key", "tile edge", "past 2^16 keys", ...
std::string_view name_of(ShapeClass shape);

/// None for problems without a row or a key.
ShapeClasses shape_classes_of(std::int64_t q_len, std::int64_t kv_len);

/// The fewest keys of the classes of long rows, 1 for the others.
std::int64_t least_keys(ShapeClass shape);
inline bool is_long(ShapeClass shape) { return least_keys(shape) > 1; }

struct Lengths {
  std::int64_t q_len = 1, kv_len = 1;
};
/// Lengths of the class; long rows come singly or two or three together, and at most 4 keys past a power of
/// two.
Lengths draw_lengths_of(Draw& draw, ShapeClass shape);

}  // namespace attest::check
