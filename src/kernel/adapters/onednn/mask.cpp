#include "kernel/adapters/onednn/mask.hpp"

#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

namespace attest::kernel {
namespace {

using Dims = dnnl::memory::dims;

// An optional tensor of shape [batch|1, q_heads|1, q_len|1, kv_len].
template <class T>
class Broadcast {
 public:
  explicit Broadcast(const DLTensor* tensor) : tensor_(tensor) {}

  bool varies(int axis) const { return tensor_ != nullptr && tensor_->shape[axis] != 1; }
  T at(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t j, T absent) const {
    if (tensor_ == nullptr) return absent;
    const std::int64_t index[4] = {b, h, i, j};
    std::int64_t offset = 0;
    for (int axis = 0; axis < 4; ++axis) {
      if (varies(axis)) offset += index[axis] * tensor_->strides[axis];
    }
    return static_cast<const T*>(tensor_->data)[offset];
  }

 private:
  const DLTensor* tensor_;
};

std::int64_t position(const attest_forward& p, std::int64_t n, std::int64_t i) {
  return p.causal == ATTEST_CAUSAL_TOP_LEFT ? i : i + n - p.q->shape[2];
}

bool in_band(const attest_forward& p, std::int64_t pos, std::int64_t j) {
  if (p.causal != ATTEST_CAUSAL_NONE && j > pos) return false;
  if (p.window_left >= 0 && pos - j > p.window_left) return false;
  return p.window_right < 0 || j - pos <= p.window_right;
}

Dims score_dims(std::int64_t count, const Dims& heads, std::int64_t rows, std::int64_t n) {
  Dims dims{count};
  dims.insert(dims.end(), heads.begin(), heads.end());
  dims.insert(dims.end(), {rows, n});
  return dims;
}

struct Cut {
  std::int64_t first = 0, count = 0, n = 0, heads = 0;
};

std::size_t extent(const Dims& dims) {
  return static_cast<std::size_t>(
      std::accumulate(dims.begin(), dims.end(), std::int64_t{1}, std::multiplies<>()));
}

void fill_mask(const attest_forward& p, const Cut& cut, std::int64_t heads, std::int64_t rows,
               ScoreTerms& terms) {
  const Broadcast<std::uint8_t> mask(p.mask);
  const Broadcast<float> bias(p.bias);
  constexpr float kHidden = -std::numeric_limits<float>::infinity();
  for (std::int64_t b = cut.first; b < cut.first + cut.count; ++b) {
    for (std::int64_t h = 0; h < heads; ++h) {
      for (std::int64_t i = 0; i < rows; ++i) {
        const std::int64_t pos = position(p, cut.n, i);
        bool empty = true;
        for (std::int64_t j = 0; j < cut.n; ++j) {
          const bool visible = in_band(p, pos, j) && mask.at(b, h, i, j, 1) != 0;
          const float value = visible ? bias.at(b, h, i, j, 0.0F) : kHidden;
          terms.mask.values.push_back(value);
          empty = empty && value == kHidden;
        }
        terms.empty_row = terms.empty_row || empty;
      }
    }
  }
}

void fill_alibi(const attest_forward& p, const Cut& cut, ScoreTerms& terms) {
  const auto* slopes = static_cast<const float*>(p.alibi_slopes->data);
  for (std::int64_t b = 0; b < cut.count; ++b) {
    for (std::int64_t h = 0; h < cut.heads; ++h) {
      const double slope = slopes[h * p.alibi_slopes->strides[0]];
      for (std::int64_t i = 0; i < p.q->shape[2]; ++i) {
        const std::int64_t pos = position(p, cut.n, i);
        for (std::int64_t j = 0; j < cut.n; ++j) {
          // The double product of a 24-bit slope and a distance below 2^29 is exact.
          const auto value = static_cast<float>(-slope * std::fabs(static_cast<double>(pos - j)));
          terms.overflow = terms.overflow || !std::isfinite(value);
          terms.alibi.values.push_back(value);
        }
      }
    }
  }
}

}  // namespace

ScoreTerms score_terms(const attest_forward& problem, std::int64_t first, std::int64_t count, std::int64_t n,
                       const Dims& heads) {
  const attest_forward& p = problem;
  const std::int64_t q_len = p.q->shape[2];
  const Cut cut{first, count, n, p.q->shape[1]};
  ScoreTerms terms;
  const Broadcast<std::uint8_t> mask(p.mask);
  const Broadcast<float> bias(p.bias);
  const bool banded = p.causal != ATTEST_CAUSAL_NONE || p.window_left >= 0 || p.window_right >= 0;
  if (banded || p.mask != nullptr || p.bias != nullptr) {
    // The broadcasts that oneDNN 2.6 has optimised kernels for: over one head axis, and over it and the rows.
    const bool per_head = heads.size() > 1 || mask.varies(1) || bias.varies(1);
    const bool per_row = per_head || banded || mask.varies(2) || bias.varies(2);
    const std::int64_t rows = per_row ? q_len : 1;
    terms.mask.dims = score_dims(count, per_head ? heads : Dims{1}, rows, n);
    terms.mask.values.reserve(extent(terms.mask.dims));
    fill_mask(p, cut, per_head ? cut.heads : 1, rows, terms);
  } else {
    terms.empty_row = n == 0 && q_len > 0;
  }
  if (p.alibi_slopes != nullptr) {
    terms.alibi.dims = score_dims(count, heads, q_len, n);
    terms.alibi.values.reserve(extent(terms.alibi.dims));
    fill_alibi(p, cut, terms);
  }
  return terms;
}

}  // namespace attest::kernel
