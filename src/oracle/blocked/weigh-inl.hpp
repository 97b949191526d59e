// Scores to weights and to the terms of the bound. Included once for every instruction set.
#if defined(ATTEST_BLOCKED_WEIGH_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef ATTEST_BLOCKED_WEIGH_INL
#undef ATTEST_BLOCKED_WEIGH_INL
#else
#define ATTEST_BLOCKED_WEIGH_INL
#endif

#include <cstddef>

#include <hwy/highway.h>

#include "oracle/blocked/exp-inl.hpp"
#include "oracle/blocked/kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace attest::oracle::blocked::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// The constants of one row's weighing in every lane.
template <class D>
struct Broadcast {
  using V = hn::Vec<D>;
  V shift, constant, per_norm, per_score, per_magnitude, per_term, curvature, mu, one_mu;

  HWY_INLINE Broadcast(D d, const Weighing& by)
      : shift(hn::Set(d, by.shift)),
        constant(hn::Set(d, by.constant)),
        per_norm(hn::Set(d, by.per_norm)),
        per_score(hn::Set(d, by.per_score)),
        per_magnitude(hn::Set(d, by.per_magnitude)),
        per_term(hn::Set(d, by.per_term)),
        curvature(hn::Set(d, by.curvature)),
        mu(hn::Set(d, by.mu)),
        one_mu(hn::Set(d, 1 + by.mu)) {}
};

template <bool kTerms>
HWY_INLINE void weigh_row(double* s, float* spread, const double* norms, const double* terms,
                          const Weighing& by, std::size_t begin, std::size_t end, RowTally& tally) {
  const hn::CappedTag<double, 8> d;
  const hn::Rebind<float, decltype(d)> narrow;
  const std::size_t lanes = hn::Lanes(d);
  const Broadcast<decltype(d)> row(d, by);
  auto sum = hn::LoadU(d, tally.weight.lanes.data());
  auto common = hn::LoadU(d, tally.common.lanes.data());
  auto spread_sum = hn::LoadU(d, tally.spread.lanes.data());
  auto largest = hn::Set(d, tally.largest);
  for (std::size_t j = begin; j < end; j += lanes) {
    const auto score = hn::LoadU(d, s + j);
    const auto weight = exponential(d, hn::Sub(score, row.shift));
    auto x = hn::MulAdd(row.per_norm, hn::LoadU(d, norms + j), row.constant);
    x = hn::NegMulAdd(row.per_score, score, x);
    x = hn::MulAdd(row.per_magnitude, hn::Abs(score), x);
    if (kTerms) x = hn::MulAdd(row.per_term, hn::LoadU(d, terms + j), x);
    const auto a = hn::MulAdd(hn::Mul(x, x), row.curvature, x);
    const auto wb = hn::Mul(weight, hn::MulAdd(a, row.one_mu, row.mu));
    largest = hn::Max(largest, score);
    sum = hn::Add(sum, weight);
    common = hn::MulAdd(weight, a, common);
    spread_sum = hn::Add(spread_sum, wb);
    hn::StoreU(weight, d, s + j);
    hn::StoreU(hn::DemoteTo(narrow, wb), narrow, spread + j);
  }
  hn::StoreU(sum, d, tally.weight.lanes.data());
  hn::StoreU(common, d, tally.common.lanes.data());
  hn::StoreU(spread_sum, d, tally.spread.lanes.data());
  tally.largest = hn::GetLane(hn::MaxOfLanes(d, largest));
}

template <bool kTerms>
void tile_weigh(double* s, float* spread, const double* norms, const double* terms, const Weighing* by,
                std::size_t rows, std::size_t begin, std::size_t end, RowTally* tallies) {
  for (std::size_t i = 0; i < rows; ++i) {
    weigh_row<kTerms>(s + i * kTileKeys, spread + i * kTileKeys, norms,
                      kTerms ? terms + i * kTileKeys : nullptr, by[i], begin, end, tallies[i]);
  }
}

inline double tile_largest(const double* s, std::size_t begin, std::size_t end) {
  const hn::CappedTag<double, 8> d;
  auto largest = hn::Set(d, -1e300);
  for (std::size_t j = begin; j < end; j += hn::Lanes(d)) largest = hn::Max(largest, hn::LoadU(d, s + j));
  return hn::GetLane(hn::MaxOfLanes(d, largest));
}

}  // namespace attest::oracle::blocked::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
