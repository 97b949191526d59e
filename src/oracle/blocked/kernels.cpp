#include "oracle/blocked/kernels.hpp"

// Instruction sets between these gain nothing for f64.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "oracle/blocked/kernels.cpp"
#include <hwy/foreach_target.h>  // must come before the code that is compiled for every target
// clang-format off
#include <hwy/highway.h>
#include "oracle/blocked/exp-inl.hpp"
#include "oracle/blocked/products-inl.hpp"
#include "oracle/blocked/weigh-inl.hpp"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace attest::oracle::blocked::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Functions with one address for each instruction set.
void scores_on(const double* q, std::size_t rows, std::size_t qk_dim, const double* panels, std::size_t first,
               std::size_t last, double* s) {
  tile_scores(q, rows, qk_dim, panels, first, last, s);
}

double largest_on(const double* s, std::size_t begin, std::size_t end) { return tile_largest(s, begin, end); }

void weigh_on(double* s, float* spread, const double* norms, const double* terms, const Weighing* by,
              std::size_t rows, std::size_t begin, std::size_t end, RowTally* tallies) {
  if (terms != nullptr) {
    tile_weigh<true>(s, spread, norms, terms, by, rows, begin, end, tallies);
  } else {
    tile_weigh<false>(s, spread, norms, terms, by, rows, begin, end, tallies);
  }
}

void products_f64_on(const double* weights, std::size_t rows, const double* values, std::size_t channels,
                     std::size_t begin, std::size_t end, double* to) {
  tile_products(weights, rows, values, channels, begin, end, to);
}

void products_f32_on(const float* weights, std::size_t rows, const float* values, std::size_t channels,
                     std::size_t begin, std::size_t end, float* to) {
  tile_products(weights, rows, values, channels, begin, end, to);
}

void exponentials_on(const double* x, double* y, std::size_t n) {
  const hn::CappedTag<double, 8> d;
  for (std::size_t i = 0; i < n; i += hn::Lanes(d)) {
    hn::StoreU(exponential(d, hn::LoadU(d, x + i)), d, y + i);
  }
}

void softcaps_on(double* s, std::size_t n, double softcap) {
  const hn::CappedTag<double, 8> d;
  for (std::size_t i = 0; i < n; i += hn::Lanes(d)) {
    hn::StoreU(softcapped(d, hn::LoadU(d, s + i), softcap), d, s + i);
  }
}

const char* name_on() { return hwy::TargetName(HWY_TARGET); }

}  // namespace attest::oracle::blocked::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace attest::oracle::blocked {

HWY_EXPORT(scores_on);
HWY_EXPORT(largest_on);
HWY_EXPORT(weigh_on);
HWY_EXPORT(products_f64_on);
HWY_EXPORT(products_f32_on);
HWY_EXPORT(exponentials_on);
HWY_EXPORT(softcaps_on);
HWY_EXPORT(name_on);

void scores(const double* q, std::size_t rows, std::size_t qk_dim, const double* panels, std::size_t first,
            std::size_t last, double* s) {
  HWY_DYNAMIC_DISPATCH(scores_on)(q, rows, qk_dim, panels, first, last, s);
}

double largest_score(const double* s, std::size_t begin, std::size_t end) {
  return HWY_DYNAMIC_DISPATCH(largest_on)(s, begin, end);
}

void weigh(double* s, float* spread, const double* norms, const double* terms, const Weighing* by,
           std::size_t rows, std::size_t begin, std::size_t end, RowTally* tallies) {
  HWY_DYNAMIC_DISPATCH(weigh_on)(s, spread, norms, terms, by, rows, begin, end, tallies);
}

void add_products(const double* weights, std::size_t rows, const double* values, std::size_t channels,
                  std::size_t begin, std::size_t end, double* to) {
  HWY_DYNAMIC_DISPATCH(products_f64_on)(weights, rows, values, channels, begin, end, to);
}

void add_products(const float* weights, std::size_t rows, const float* values, std::size_t channels,
                  std::size_t begin, std::size_t end, float* to) {
  HWY_DYNAMIC_DISPATCH(products_f32_on)(weights, rows, values, channels, begin, end, to);
}

void exponentials(const double* x, double* y, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(exponentials_on)(x, y, n);
}

void softcaps(double* s, std::size_t n, double softcap) { HWY_DYNAMIC_DISPATCH(softcaps_on)(s, n, softcap); }

const char* instruction_set() { return HWY_DYNAMIC_DISPATCH(name_on)(); }

}  // namespace attest::oracle::blocked
#endif
