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
namespace attest::blocked::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <bool kTerms>
void tile_weigh(double* s, float* spread, const double* norms, const double* terms, const Weighing& by,
                std::size_t begin, std::size_t end, RowTally& tally) {
  const hn::CappedTag<double, 8> d;
  const hn::Rebind<float, decltype(d)> narrow;
  const std::size_t lanes = hn::Lanes(d);
  const auto shift = hn::Set(d, by.shift);
  const auto constant = hn::Set(d, by.constant);
  const auto per_norm = hn::Set(d, by.per_norm);
  const auto per_score = hn::Set(d, by.per_score);
  const auto per_magnitude = hn::Set(d, by.per_magnitude);
  const auto per_term = hn::Set(d, by.per_term);
  const auto curvature = hn::Set(d, by.curvature);
  const auto mu = hn::Set(d, by.mu);
  const auto one_mu = hn::Set(d, 1 + by.mu);
  auto sum = hn::Zero(d);
  auto common = hn::Zero(d);
  auto spread_sum = hn::Zero(d);
  auto largest = hn::Set(d, tally.largest);
#pragma GCC unroll 3
  for (std::size_t j = begin; j < end; j += lanes) {
    const auto score = hn::LoadU(d, s + j);
    const auto weight = exponential(d, hn::Sub(score, shift));
    auto x = hn::MulAdd(per_norm, hn::LoadU(d, norms + j), constant);
    x = hn::NegMulAdd(per_score, score, x);
    x = hn::MulAdd(per_magnitude, hn::Abs(score), x);
    if (kTerms) x = hn::MulAdd(per_term, hn::LoadU(d, terms + j), x);
    const auto a = hn::MulAdd(hn::Mul(x, x), curvature, x);
    const auto wb = hn::Mul(weight, hn::MulAdd(a, one_mu, mu));
    largest = hn::Max(largest, score);
    sum = hn::Add(sum, weight);
    common = hn::MulAdd(weight, a, common);
    spread_sum = hn::Add(spread_sum, wb);
    hn::StoreU(weight, d, s + j);
    hn::StoreU(hn::DemoteTo(narrow, wb), narrow, spread + j);
  }
  tally.sum += hn::GetLane(hn::SumOfLanes(d, sum));
  tally.common += hn::GetLane(hn::SumOfLanes(d, common));
  tally.spread_sum += hn::GetLane(hn::SumOfLanes(d, spread_sum));
  tally.largest = hn::GetLane(hn::MaxOfLanes(d, largest));
}

inline double tile_largest(const double* s, std::size_t begin, std::size_t end) {
  const hn::CappedTag<double, 8> d;
  auto largest = hn::Set(d, -1e300);
  for (std::size_t j = begin; j < end; j += hn::Lanes(d)) largest = hn::Max(largest, hn::LoadU(d, s + j));
  return hn::GetLane(hn::MaxOfLanes(d, largest));
}

}  // namespace attest::blocked::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
