#include "oracle/blocked/tile.hpp"

#include <algorithm>
#include <cmath>

#include "problem/key_value.hpp"

namespace attest::oracle::blocked {

Tile::Tile(std::size_t qk_dim_, std::size_t channels_)
    : qk_dim(qk_dim_),
      channels(channels_),
      panels(hwy::AllocateAligned<double>(kTileKeys * qk_dim_)),
      norms(hwy::AllocateAligned<double>(kTileKeys)),
      values(hwy::AllocateAligned<double>(kTileKeys * channels_)),
      deviations(hwy::AllocateAligned<float>(kTileKeys * channels_)),
      row_(hwy::AllocateAligned<double>(std::max(qk_dim_, channels_))) {}

void Tile::load_keys(const Problem& problem, std::int64_t b, std::int64_t kv_head, std::int64_t begin,
                     std::int64_t end) {
  for (std::size_t j = 0; j < kTileKeys; ++j) {
    const std::int64_t key = begin + static_cast<std::int64_t>(j);
    if (key < end) {
      KeyValue(problem).load_key(b, kv_head, key, row_.get());
    } else {
      std::fill_n(row_.get(), qk_dim, 0.0);
    }
    norms[j] = norm_above(row_.get(), static_cast<std::int64_t>(qk_dim));
    double* panel = panels.get() + j / kPanelKeys * qk_dim * kPanelKeys + j % kPanelKeys;
    for (std::size_t c = 0; c < qk_dim; ++c) panel[c * kPanelKeys] = row_[c];
  }
}

void Tile::load_values(const Problem& problem, std::int64_t b, std::int64_t kv_head, std::int64_t begin,
                       std::int64_t end, const HeadFacts& head) {
  const auto v_dim = static_cast<std::size_t>(problem.v_dim());
  for (std::size_t j = 0; j < kTileKeys; ++j) {
    double* to = values.get() + j * channels;
    float* deviation = deviations.get() + j * channels;
    const std::int64_t key = begin + static_cast<std::int64_t>(j);
    std::fill_n(to, channels, 0.0);
    std::fill_n(deviation, channels, 0.0F);
    if (key >= end) continue;
    KeyValue(problem).load_value(b, kv_head, key, row_.get());
    for (std::size_t c = 0; c < v_dim; ++c) {
      to[c] = row_[c] - head.centre[c];
      deviation[c] = static_cast<float>(std::fabs(to[c]) * head.per_unit[c]);
    }
  }
}

}  // namespace attest::oracle::blocked
