#include "oracle/double_double/kernels.hpp"

// Instruction sets between these gain nothing for f64.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "oracle/double_double/kernels.cpp"
#include <hwy/foreach_target.h>  // must come before the code that is compiled for every target
// clang-format off
#include <hwy/highway.h>
#include "oracle/double_double/loops-inl.hpp"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace attest::oracle::dd::HWY_NAMESPACE {

// Functions with one address for each instruction set.
void scores_on(const double* q, std::size_t rows, std::size_t qk_dim, const double* panels, std::size_t first,
               std::size_t last, const Weighing* by, const TileScores& s) {
  tile_scores(q, rows, qk_dim, panels, first, last, by, s);
}

void largest_on(const TileScores& s, std::size_t rows, std::size_t first, std::size_t last,
                const Weighing* by, Tally* tallies) {
  tile_largest(s, rows, first, last, by, tallies);
}

void weigh_on(const TileScores& s, std::size_t rows, std::size_t first, std::size_t last, const Weighing* by,
              Tally* tallies, double* largest_weight) {
  tile_weigh(s, rows, first, last, by, tallies, largest_weight);
}

void products_on(const TileScores& weights, std::size_t rows, const double* values, std::size_t first,
                 std::size_t last, const Numerator& to) {
  tile_products(weights, rows, values, first, last, to);
}

void exponentials_on(const double* x_hi, const double* x_lo, double* y_hi, double* y_lo, std::size_t n) {
  for (std::size_t i = 0; i < n; i += kWidth) {
    const Pair y = exponential(exp_table(), {hn::LoadU(Tag(), x_hi + i), hn::LoadU(Tag(), x_lo + i)});
    hn::StoreU(y.hi, Tag(), y_hi + i);
    hn::StoreU(y.lo, Tag(), y_lo + i);
  }
}

void softcaps_on(const double* x_hi, const double* x_lo, double softcap, double* y_hi, double* y_lo,
                 std::size_t n) {
  const std::array<double, 2> inverse = twice_inverse(softcap);
  for (std::size_t i = 0; i < n; i += kWidth) {
    const Pair y = softcapped(exp_table(), {hn::LoadU(Tag(), x_hi + i), hn::LoadU(Tag(), x_lo + i)}, softcap,
                              inverse[0], inverse[1]);
    hn::StoreU(y.hi, Tag(), y_hi + i);
    hn::StoreU(y.lo, Tag(), y_lo + i);
  }
}

}  // namespace attest::oracle::dd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace attest::oracle::dd {

HWY_EXPORT(scores_on);
HWY_EXPORT(largest_on);
HWY_EXPORT(weigh_on);
HWY_EXPORT(products_on);
HWY_EXPORT(exponentials_on);
HWY_EXPORT(softcaps_on);

void scores(const double* q, std::size_t rows, std::size_t qk_dim, const double* panels, std::size_t first,
            std::size_t last, const Weighing* by, const TileScores& s) {
  HWY_DYNAMIC_DISPATCH(scores_on)(q, rows, qk_dim, panels, first, last, by, s);
}

void find_largest(const TileScores& s, std::size_t rows, std::size_t first, std::size_t last,
                  const Weighing* by, Tally* tallies) {
  HWY_DYNAMIC_DISPATCH(largest_on)(s, rows, first, last, by, tallies);
}

void weigh(const TileScores& s, std::size_t rows, std::size_t first, std::size_t last, const Weighing* by,
           Tally* tallies, double* largest_weight) {
  HWY_DYNAMIC_DISPATCH(weigh_on)(s, rows, first, last, by, tallies, largest_weight);
}

void add_products(const TileScores& weights, std::size_t rows, const double* values, std::size_t first,
                  std::size_t last, const Numerator& to) {
  HWY_DYNAMIC_DISPATCH(products_on)(weights, rows, values, first, last, to);
}

void exponentials(const double* x_hi, const double* x_lo, double* y_hi, double* y_lo, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(exponentials_on)(x_hi, x_lo, y_hi, y_lo, n);
}

void softcaps(const double* x_hi, const double* x_lo, double softcap, double* y_hi, double* y_lo,
              std::size_t n) {
  HWY_DYNAMIC_DISPATCH(softcaps_on)(x_hi, x_lo, softcap, y_hi, y_lo, n);
}

std::array<double, 2> twice_inverse(double softcap) {
  const double hi = 2 / softcap;
  return {hi, std::fma(-hi, softcap, 2.0) / softcap};
}

}  // namespace attest::oracle::dd
#endif
