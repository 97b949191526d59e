#include "kernel/adapters/ggml/mask.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace attest::kernel::ggml {
namespace {

using adapters::Request;

// In f16; false where that rounds. Nearly all elements are 0 or -infinity, which need no rounding.
bool encode_exactly(double value, std::byte* to) {
  if (value == 0 || value == -HUGE_VAL) {
    to[0] = std::byte{0};
    to[1] = value == 0 ? std::byte{0} : std::byte{0xfc};
    return true;
  }
  encode(DType::f16, value, to);
  return decode(DType::f16, to) == value;
}

// Of a key in the row's range.
double added(const Request& r, std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t j) {
  const double bias = r.bias ? r.bias->at(b, h, i, j) : 0.0;
  if (!(bias > -HUGE_VAL) || (r.mask && r.mask->at(b, h, i, j) == 0)) return -HUGE_VAL;
  return r.slopes.empty() ? bias : -static_cast<double>(std::llabs(r.position(b, i) - j));
}

void hide(std::byte* row, std::int64_t begin, std::int64_t end) {
  for (std::int64_t j = begin; j < end; ++j) encode_exactly(-HUGE_VAL, row + 2 * j);
}

// A bias cannot be combined with ALiBi: the slope would multiply it.
bool bias_only_masks(const Request& r) {
  const auto& shape = r.bias->shape;
  for (std::int64_t at = 0; at < shape[0] * shape[1] * shape[2] * shape[3]; ++at) {
    const std::int64_t row = at / shape[3];
    const double value =
        r.bias->at(row / shape[2] / shape[1], row / shape[2] % shape[1], row % shape[2], at % shape[3]);
    if (value != 0 && value > -HUGE_VAL) return false;
  }
  return true;
}

}  // namespace

ScoreMask score_mask(const Request& r) {
  const bool needed = r.causal() || r.windowed() || r.padded || r.mask || r.bias || !r.slopes.empty();
  if (!needed) return {};
  ScoreMask result;
  result.exact = r.slopes.empty() || !r.bias || bias_only_masks(r);
  Array array;
  array.type = Type::f16;
  const auto extent = [&](std::size_t axis) {
    return std::max(r.bias ? r.bias->shape[axis] : 1, r.mask ? r.mask->shape[axis] : 1);
  };
  const std::int64_t batches = r.uniform() ? extent(0) : r.batch;
  array.extents[0] = r.kv_len;
  array.extents[1] = r.q_len;
  array.extents[2] = extent(1);
  array.extents[3] = batches;
  array.data.resize(static_cast<std::size_t>(batches * extent(1) * r.q_len * r.kv_len) * 2);
  std::byte* to = array.data.data();
  for (std::int64_t b = 0; b < batches; ++b) {
    for (std::int64_t h = 0; h < array.extents[2]; ++h) {
      for (std::int64_t i = 0; i < r.q_len; ++i, to += 2 * r.kv_len) {
        const Request::KeyRange range = r.key_range(b, i);
        hide(to, 0, range.begin);
        for (std::int64_t j = range.begin; j < range.end; ++j) {
          const bool exact = encode_exactly(added(r, b, h, i, j), to + 2 * j);
          result.exact = result.exact && exact;
        }
        hide(to, range.end, r.kv_len);
      }
    }
  }
  result.array = std::move(array);
  return result;
}

}  // namespace attest::kernel::ggml
