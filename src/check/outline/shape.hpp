// Shapes: lengths around the edges of tiles, head dims, heads and batches, inside a budget of work.
#pragma once

#include <cstdint>

#include "check/outline/gen_context.hpp"

namespace attest::check {

struct Shape {
  std::int64_t batch = 1, q_heads = 1, kv_heads = 1, q_len = 1, kv_len = 1, qk_dim = 1, v_dim = 1;

  std::int64_t rows() const { return batch * q_heads * q_len; }
  double work() const {
    return static_cast<double>(rows()) * static_cast<double>(kv_len) * static_cast<double>(qk_dim + v_dim);
  }
  friend bool operator==(const Shape&, const Shape&) = default;
};

/// q_len and kv_len independent: 0 and 1, powers of two plus and minus one (1 to 129; 255..257, 511..513,
/// 1023..1025 in large problems), and single queries against long caches (2^11 + 1, 2^13 + 1, ... up to
/// longest_row), where narrow formats and index types saturate. Dims 1 to 128, most not multiples of 8.
/// Groups of 1, 2, 3, 7, 8.
Shape draw_shape(Draw& draw, const GenContext& context, bool plain);
/// Rows and channels in whole tiles or nearly, few heads, and lengths of keys that fill tiles or do not.
Shape draw_tiled_shape(Draw& draw, const GenContext& context);

/// A length of the small and middle sizes above, at least 1 and at most `most`.
std::int64_t draw_length(Draw& draw, std::int64_t most);

}  // namespace attest::check
