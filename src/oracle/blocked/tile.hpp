// One tile of keys and values, packed for the inner loops.
#pragma once

#include <cstdint>

#include <hwy/aligned_allocator.h>

#include "oracle/blocked/head.hpp"
#include "oracle/blocked/kernels.hpp"

namespace attest::oracle::blocked {

template <class T>
using Aligned = hwy::AlignedFreeUniquePtr<T[]>;

struct Tile {
  Tile(std::size_t qk_dim, std::size_t channels);

  /// Packs keys [begin, min(begin + kTileKeys, end)); what is beyond `end` counts as zeros.
  void load_keys(const Problem& problem, std::int64_t b, std::int64_t kv_head, std::int64_t begin,
                 std::int64_t end);
  void load_values(const Problem& problem, std::int64_t b, std::int64_t kv_head, std::int64_t begin,
                   std::int64_t end, const HeadFacts& head);

  std::size_t qk_dim, channels;
  Aligned<double> panels;     ///< [kTileKeys / kPanelKeys][qk_dim][kPanelKeys]
  Aligned<double> norms;      ///< [kTileKeys] |k_j|_2 from above
  Aligned<double> values;     ///< [kTileKeys][channels] v' = v - centre
  Aligned<float> deviations;  ///< [kTileKeys][channels] |v'| / unit

 private:
  Aligned<double> row_;
};

}  // namespace attest::oracle::blocked
