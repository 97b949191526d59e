// A forward problem as adapters see it: access to its tensors by index, and its visibility rule.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "attest/kernel.h"
#include "problem/dtype.hpp"

namespace attest::kernel::adapters {

/// A strided tensor of rank 4 that someone else owns; an axis of extent 1 has stride 0, so that it
/// broadcasts.
struct View {
  const std::byte* data = nullptr;
  DType dtype = DType::f32;
  std::array<std::int64_t, 4> shape{};
  std::array<std::int64_t, 4> strides{};  ///< in elements

  const std::byte* element(std::int64_t a, std::int64_t b, std::int64_t c, std::int64_t d) const {
    const std::int64_t index = a * strides[0] + b * strides[1] + c * strides[2] + d * strides[3];
    return data + index * static_cast<std::int64_t>(size_of(dtype));
  }
  /// The elements of the last axis, packed.
  void copy_row(std::int64_t a, std::int64_t b, std::int64_t c, std::byte* to) const;
  double at(std::int64_t a, std::int64_t b, std::int64_t c, std::int64_t d) const {
    return decode(dtype, element(a, b, c, d));
  }
};

enum class Direction : std::uint8_t { both, top_left, bottom_right };

/// A problem with its optional tensors read.
struct Request {
  View q, k, v;
  std::int64_t batch = 0, q_heads = 0, kv_heads = 0, q_len = 0, kv_len = 0, qk_dim = 0, v_dim = 0;
  double scale = 1, softcap = 0;
  Direction direction = Direction::both;
  std::int64_t window_left = -1, window_right = -1;
  std::optional<View> bias, mask;
  std::vector<double> sink;        ///< one a query head; empty: none
  std::vector<double> slopes;      ///< of ALiBi, one a query head; empty: none
  bool padded = false;             ///< the problem gives kv_lens
  std::vector<std::int64_t> lens;  ///< keys of each batch that exist

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
  /// Keys that lengths, causality and windows leave to a row: from begin to before end. Mask and bias may
  /// hide some of them.
  struct KeyRange {
    std::int64_t begin = 0, end = 0;
  };
  KeyRange key_range(std::int64_t b, std::int64_t i) const;
};

/// Precondition: the problem satisfies the ABI. Its data outlives the request.
Request read_request(const attest_forward& problem);

/// Some row sees no key.
bool has_empty_row(const Request& request);

/// Changes no row's visible set: a right window that only repeats or expresses causality becomes causality,
/// and a window that hides nothing goes.
void simplify(Request& request);

}  // namespace attest::kernel::adapters
