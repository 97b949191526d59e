// A tiled kernel with an online softmax, as FlashAttention computes it: f32, f16 and bf16 with f32
// accumulation, probabilities rounded to the input type before P * V. Declines mixed types, f64 and softcap.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "half.hpp"
#include <attest/kernel.h>

namespace {

constexpr float kMinusInfinity = -std::numeric_limits<float>::infinity();
constexpr std::int64_t kTile = 64;  // keys per tile

struct Head {
  std::int64_t b, h, kv;
};

// An axis of extent 1 broadcasts, whatever its stride.
template <class T>
T& at(const DLTensor* t, std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t c) {
  const std::int64_t index[] = {b, h, i, c};
  std::int64_t offset = 0;
  for (int axis = 0; axis < 4; ++axis) {
    if (t->shape[axis] != 1) offset += index[axis] * t->strides[axis];
  }
  return static_cast<T*>(t->data)[offset];
}

template <class T>
T at(const DLTensor* t, std::int64_t i) {
  return static_cast<const T*>(t->data)[t->shape[0] == 1 ? 0 : i * t->strides[0]];
}

// One row of a tensor of four axes.
template <class T>
struct Channels {
  Channels(const DLTensor* t, std::int64_t b, std::int64_t h, std::int64_t i)
      : data(&at<T>(t, b, h, i, 0)), stride(t->strides[3]) {}
  T& operator[](std::size_t c) const { return data[static_cast<std::int64_t>(c) * stride]; }
  T* data;
  std::int64_t stride;
};

std::int64_t length(const attest_forward& p, std::int64_t b) {
  return p.kv_lens != nullptr ? at<std::int32_t>(p.kv_lens, b) : p.k->shape[2];
}

// The keys [first, last) that causality, window and length allow query i to see.
struct Range {
  std::int64_t position, first, last;
};

Range key_range(const attest_forward& p, std::int64_t b, std::int64_t i) {
  const std::int64_t n = length(p, b);
  const std::int64_t position = p.causal == ATTEST_CAUSAL_TOP_LEFT ? i : i + n - p.q->shape[2];
  Range range{position, 0, n};
  if (p.causal != ATTEST_CAUSAL_NONE) range.last = std::min(range.last, position + 1);
  // Limits beyond every key are clipped first: position + limit must not overflow.
  const std::int64_t far = p.q->shape[2] + n;
  if (p.window_left != -1) range.first = std::max<std::int64_t>(0, position - std::min(p.window_left, far));
  if (p.window_right != -1) range.last = std::min(range.last, position + std::min(p.window_right, far) + 1);
  return range;
}

struct Row {
  float running_max;
  float denominator;
  std::vector<float> numerator;
};

template <class T>
class Flash {
 public:
  explicit Flash(const attest_forward& problem) : p_(problem), query_(extent(p_.q)) {}

  void run() {
    const std::int64_t group = p_.q->shape[1] / p_.k->shape[1];
    for (std::int64_t b = 0; b < p_.q->shape[0]; ++b) {
      for (std::int64_t h = 0; h < p_.q->shape[1]; ++h) {
        for (std::int64_t i = 0; i < p_.q->shape[2]; ++i) attend({b, h, h / group}, i);
      }
    }
  }

 private:
  static std::size_t extent(const DLTensor* t) { return static_cast<std::size_t>(t->shape[3]); }

  void attend(const Head& head, std::int64_t i) {
    const Channels<const T> q(p_.q, head.b, head.h, i);
    for (std::size_t c = 0; c < query_.size(); ++c) query_[c] = to_float(q[c]);
    const Range range = key_range(p_, head.b, i);
    // A sink is a key that is always visible and has no value.
    const float sink = p_.sink != nullptr ? at<float>(p_.sink, head.h) : kMinusInfinity;
    Row row{sink, sink == kMinusInfinity ? 0.0F : 1.0F, std::vector<float>(extent(p_.v), 0.0F)};
    for (std::int64_t first = range.first; first < range.last; first += kTile) {
      absorb_tile(head, i, range, first, std::min(first + kTile, range.last), row);
    }
    write(head, i, row);
  }

  void absorb_tile(const Head& head, std::int64_t i, const Range& range, std::int64_t first,
                   std::int64_t last, Row& row) {
    std::array<float, kTile> scores{};
    float tile_max = row.running_max;
    for (std::int64_t j = first; j < last; ++j) {
      const float s = visible(head, i, j) ? score(head, i, j, range.position) : kMinusInfinity;
      scores[static_cast<std::size_t>(j - first)] = s;
      tile_max = std::max(tile_max, s);
    }
    if (tile_max == kMinusInfinity) return;  // nothing visible yet, and exp(-inf - -inf) is NaN
    const float rescale = std::exp(row.running_max - tile_max);
    row.running_max = tile_max;
    row.denominator *= rescale;
    for (float& x : row.numerator) x *= rescale;
    for (std::int64_t j = first; j < last; ++j) {
      const float s = scores[static_cast<std::size_t>(j - first)];
      if (s != kMinusInfinity) absorb_key(head, j, std::exp(s - tile_max), row);
    }
  }

  void absorb_key(const Head& head, std::int64_t j, float probability, Row& row) {
    row.denominator += probability;
    const float rounded = to_float(from_float<T>(probability));
    const Channels<const T> v(p_.v, head.b, head.kv, j);
    for (std::size_t c = 0; c < row.numerator.size(); ++c) row.numerator[c] += rounded * to_float(v[c]);
  }

  bool visible(const Head& head, std::int64_t i, std::int64_t j) const {
    if (p_.mask != nullptr && at<std::uint8_t>(p_.mask, head.b, head.h, i, j) == 0) return false;
    return p_.bias == nullptr || at<float>(p_.bias, head.b, head.h, i, j) != kMinusInfinity;
  }

  float score(const Head& head, std::int64_t i, std::int64_t j, std::int64_t position) const {
    const Channels<const T> k(p_.k, head.b, head.kv, j);
    float dot = 0;
    for (std::size_t c = 0; c < query_.size(); ++c) dot += query_[c] * to_float(k[c]);
    float s = dot * static_cast<float>(p_.scale);
    if (p_.bias != nullptr) s += at<float>(p_.bias, head.b, head.h, i, j);
    if (p_.alibi_slopes != nullptr) {
      s -= at<float>(p_.alibi_slopes, head.h) * static_cast<float>(std::abs(position - j));
    }
    return s;
  }

  void write(const Head& head, std::int64_t i, const Row& row) {
    const bool empty = row.running_max == kMinusInfinity;
    const Channels<T> out(p_.out, head.b, head.h, i);
    for (std::size_t c = 0; c < row.numerator.size(); ++c) {
      out[c] = from_float<T>(empty ? 0.0F : row.numerator[c] / row.denominator);
    }
    if (p_.lse == nullptr) return;
    const std::int64_t* stride = p_.lse->strides;
    static_cast<float*>(p_.lse->data)[head.b * stride[0] + head.h * stride[1] + i * stride[2]] =
        empty ? kMinusInfinity : row.running_max + std::log(row.denominator);
  }

  const attest_forward& p_;
  std::vector<float> query_;
};

bool same_type(const DLTensor* a, const DLTensor* b) {
  return a->dtype.code == b->dtype.code && a->dtype.bits == b->dtype.bits;
}

}  // namespace

extern "C" int attest_kernel_forward(const attest_forward* p) {
  if (p->abi != ATTEST_KERNEL_ABI || p->softcap != 0 || !same_type(p->q, p->k)) return ATTEST_UNSUPPORTED;
  const DLDataType type = p->q->dtype;
  if (type.code == kDLFloat && type.bits == 32) {
    Flash<float>(*p).run();
  } else if (type.code == kDLFloat && type.bits == 16) {
    Flash<Float16>(*p).run();
  } else if (type.code == kDLBfloat && type.bits == 16) {
    Flash<Bfloat16>(*p).run();
  } else {
    return ATTEST_UNSUPPORTED;
  }
  return ATTEST_OK;
}

extern "C" const char* attest_kernel_name() { return "flash"; }
extern "C" const char* attest_kernel_contract() { return "f32|flash-bf16|flash-f16"; }
