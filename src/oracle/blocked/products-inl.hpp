// Register-blocked products of a tile. Included once for every instruction set.
#if defined(ATTEST_BLOCKED_PRODUCTS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef ATTEST_BLOCKED_PRODUCTS_INL
#undef ATTEST_BLOCKED_PRODUCTS_INL
#else
#define ATTEST_BLOCKED_PRODUCTS_INL
#endif

#include <cstddef>

#include <hwy/highway.h>

#include "oracle/blocked/kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace attest::oracle::blocked::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// 32 vector registers hold 24 or 16 sums and what feeds them; 16 hold 12 or 8.
constexpr std::size_t kScoreRows = HWY_TARGET <= HWY_AVX3 ? 8 : 4;
constexpr std::size_t kValueVectors = 2;
constexpr std::size_t kValueRows = HWY_TARGET <= HWY_AVX3 ? 8 : 4;

// kScoreRows rows times three vectors of keys of one panel.
HWY_INLINE void score_tile(const double* q, std::size_t qk_dim, const double* panel, double* s) {
  const hn::CappedTag<double, 8> d;
  constexpr std::size_t kLanes = hn::MaxLanes(hn::CappedTag<double, 8>());
  hn::Vec<decltype(d)> sum[kScoreRows][3];
#pragma GCC unroll 8
  for (std::size_t i = 0; i < kScoreRows; ++i) sum[i][0] = sum[i][1] = sum[i][2] = hn::Zero(d);
  for (std::size_t c = 0; c < qk_dim; ++c) {
    const auto k0 = hn::LoadU(d, panel + c * kPanelKeys);
    const auto k1 = hn::LoadU(d, panel + c * kPanelKeys + kLanes);
    const auto k2 = hn::LoadU(d, panel + c * kPanelKeys + 2 * kLanes);
#pragma GCC unroll 8
    for (std::size_t i = 0; i < kScoreRows; ++i) {
      const auto x = hn::Set(d, q[i * qk_dim + c]);
      sum[i][0] = hn::MulAdd(x, k0, sum[i][0]);
      sum[i][1] = hn::MulAdd(x, k1, sum[i][1]);
      sum[i][2] = hn::MulAdd(x, k2, sum[i][2]);
    }
  }
#pragma GCC unroll 8
  for (std::size_t i = 0; i < kScoreRows; ++i) {
    hn::StoreU(sum[i][0], d, s + i * kTileKeys);
    hn::StoreU(sum[i][1], d, s + i * kTileKeys + kLanes);
    hn::StoreU(sum[i][2], d, s + i * kTileKeys + 2 * kLanes);
  }
}

inline void tile_scores(const double* q, std::size_t rows, std::size_t qk_dim, const double* panels,
                        std::size_t first, std::size_t last, double* s) {
  constexpr std::size_t kKeys = 3 * hn::MaxLanes(hn::CappedTag<double, 8>());
  static_assert(kPanelKeys % kKeys == 0 && kRowStep % kScoreRows == 0);
  for (std::size_t panel = first; panel < last; ++panel) {
    const double* keys = panels + panel * qk_dim * kPanelKeys;
    for (std::size_t j = 0; j < kPanelKeys; j += kKeys) {
      for (std::size_t i = 0; i < rows; i += kScoreRows) {
        score_tile(q + i * qk_dim, qk_dim, keys + j, s + i * kTileKeys + panel * kPanelKeys + j);
      }
    }
  }
}

// kValueRows rows times kVectors vectors of channels.
template <std::size_t kVectors, class T>
HWY_INLINE void value_tile(const T* weights, const T* values, std::size_t channels, std::size_t begin,
                           std::size_t end, T* to) {
  const hn::CappedTag<T, 64 / sizeof(T)> d;
  constexpr std::size_t kLanes = hn::MaxLanes(hn::CappedTag<T, 64 / sizeof(T)>());
  hn::Vec<decltype(d)> sum[kValueRows][kVectors];
#pragma GCC unroll 8
  for (std::size_t i = 0; i < kValueRows; ++i) {
#pragma GCC unroll 8
    for (std::size_t x = 0; x < kVectors; ++x) sum[i][x] = hn::Zero(d);
  }
  for (std::size_t j = begin; j < end; ++j) {
    hn::Vec<decltype(d)> value[kVectors];
#pragma GCC unroll 8
    for (std::size_t x = 0; x < kVectors; ++x) value[x] = hn::LoadU(d, values + j * channels + x * kLanes);
#pragma GCC unroll 8
    for (std::size_t i = 0; i < kValueRows; ++i) {
      const auto weight = hn::Set(d, weights[i * kTileKeys + j]);
#pragma GCC unroll 8
      for (std::size_t x = 0; x < kVectors; ++x) sum[i][x] = hn::MulAdd(weight, value[x], sum[i][x]);
    }
  }
#pragma GCC unroll 8
  for (std::size_t i = 0; i < kValueRows; ++i) {
#pragma GCC unroll 8
    for (std::size_t x = 0; x < kVectors; ++x) {
      T* at = to + i * channels + x * kLanes;
      hn::StoreU(hn::Add(hn::LoadU(d, at), sum[i][x]), d, at);
    }
  }
}

template <class T>
void tile_products(const T* weights, std::size_t rows, const T* values, std::size_t channels,
                   std::size_t begin, std::size_t end, T* to) {
  constexpr std::size_t kLanes = hn::MaxLanes(hn::CappedTag<T, 64 / sizeof(T)>());
  static_assert(kChannelStep % kLanes == 0 && kRowStep % kValueRows == 0);
  std::size_t c = 0;
  for (; c + kValueVectors * kLanes <= channels; c += kValueVectors * kLanes) {
    for (std::size_t i = 0; i < rows; i += kValueRows) {
      value_tile<kValueVectors>(weights + i * kTileKeys, values + c, channels, begin, end,
                                to + i * channels + c);
    }
  }
  for (; c < channels; c += kLanes) {
    for (std::size_t i = 0; i < rows; i += kValueRows) {
      value_tile<1>(weights + i * kTileKeys, values + c, channels, begin, end, to + i * channels + c);
    }
  }
}

}  // namespace attest::oracle::blocked::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
