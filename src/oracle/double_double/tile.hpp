// One tile of keys and values, packed for the inner loops; every number is exact.
#pragma once

#include <algorithm>
#include <cstddef>

#include <hwy/aligned_allocator.h>

#include "oracle/double_double/kernels.hpp"

namespace attest::oracle::dd {

using Aligned = hwy::AlignedFreeUniquePtr<double[]>;

/// `n` zeros.
inline Aligned zeros(std::size_t n) {
  Aligned array = hwy::AllocateAligned<double>(n);
  std::fill_n(array.get(), n, 0.0);
  return array;
}

struct Tile {
  Tile(std::size_t qk_dim_, std::size_t channels_)
      : qk_dim(qk_dim_),
        channels(channels_),
        panels(zeros(kTileKeys * qk_dim)),
        values(zeros(kTileKeys * channels)) {}

  void set_key(std::size_t j, const double* key) {
    double* panel = panels.get() + j / kPanelKeys * qk_dim * kPanelKeys + j % kPanelKeys;
    for (std::size_t c = 0; c < qk_dim; ++c) panel[c * kPanelKeys] = key[c];
  }
  void set_value(std::size_t j, const double* value, std::size_t v_dim) {
    std::copy_n(value, v_dim, values.get() + j * channels);
  }

  std::size_t qk_dim, channels;
  Aligned panels;  ///< [kPanels][qk_dim][kPanelKeys]
  Aligned values;  ///< [kTileKeys][channels]
};

}  // namespace attest::oracle::dd
