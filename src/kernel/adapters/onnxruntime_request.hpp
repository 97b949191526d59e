// A forward problem as the operators see it: dense access to its tensors, and its visibility rule.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "attest/kernel.h"
#include "problem/dtype.hpp"

namespace attest::onnxruntime {

/// A strided tensor of rank 4 that someone else owns; an axis of extent 1 has stride 0, so that it
/// broadcasts.
struct View {
  const std::byte* data = nullptr;
  DType dtype = DType::f32;
  std::array<std::int64_t, 4> shape{};
  std::array<std::int64_t, 4> strides{};  ///< in elements

  const std::byte* element(std::int64_t a, std::int64_t b, std::int64_t c, std::int64_t d) const;
  double at(std::int64_t a, std::int64_t b, std::int64_t c, std::int64_t d) const {
    return decode(dtype, element(a, b, c, d));
  }
};

enum class Direction : std::uint8_t { both, top_left, bottom_right };

/// The problem after equivalences that change no row's visible set have brought it to what operators offer:
/// a right window that only repeats or expresses causality becomes causality, and a window that hides nothing
/// goes.
struct Request {
  View q, k, v;
  std::int64_t batch = 0, q_heads = 0, kv_heads = 0, q_len = 0, kv_len = 0, qk_dim = 0, v_dim = 0;
  double scale = 1, softcap = 0;
  Direction direction = Direction::both;
  std::int64_t window_left = -1, window_right = -1;
  std::optional<View> bias, mask;
  std::vector<double> sink;        ///< one a query head; empty: none
  bool padded = false;             ///< the problem gives kv_lens
  std::vector<std::int64_t> lens;  ///< keys of each batch that exist
  bool empty_rows = false;         ///< some row sees no key

  bool windowed() const { return window_left >= 0 || window_right >= 0; }
  bool causal() const { return direction != Direction::both; }
  /// Every batch has the same number of keys.
  bool uniform() const;
  std::int64_t position(std::int64_t b, std::int64_t i) const;
  bool in_window(std::int64_t b, std::int64_t i, std::int64_t j) const;
  bool before(std::int64_t b, std::int64_t i, std::int64_t j) const {
    return !causal() || j <= position(b, i);
  }
  bool visible(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t j) const;
};

/// Empty for what none of the operators expresses:
/// - lse: no operator returns it;
/// - ALiBi: no operator has it, and passing it as a bias would test this adapter's arithmetic;
/// - k and v in another element type than q: every operator wants one;
/// - no batch, no query or no key: an empty batch is an error, and no document speaks of the others;
/// - a softcap that is no float: the attribute is one.
std::optional<Request> read(const attest_forward& problem);

}  // namespace attest::onnxruntime
