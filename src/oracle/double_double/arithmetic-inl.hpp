// Error-free transforms and arithmetic of pairs of f64, in vectors (docs/bound-derivation.md 14 has the
// errors). Included once for every instruction set.
#if defined(ATTEST_DOUBLE_DOUBLE_ARITHMETIC_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef ATTEST_DOUBLE_DOUBLE_ARITHMETIC_INL
#undef ATTEST_DOUBLE_DOUBLE_ARITHMETIC_INL
#else
#define ATTEST_DOUBLE_DOUBLE_ARITHMETIC_INL
#endif

#include <cmath>
#include <cstddef>

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace attest::oracle::dd::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Tag = hn::CappedTag<double, 8>;
using V = hn::Vec<Tag>;

/// The unevaluated sum hi + lo.
struct Pair {
  V hi, lo;
};

/// a b + c, rounded once. Highway's MulAdd rounds twice where the instruction set has no FMA.
HWY_INLINE V fused(V a, V b, V c) {
#if HWY_NATIVE_FMA
  return hn::MulAdd(a, b, c);
#else
  constexpr std::size_t kLanes = hn::MaxLanes(Tag());
  double x[kLanes];
  double y[kLanes];
  double z[kLanes];
  hn::StoreU(a, Tag(), x);
  hn::StoreU(b, Tag(), y);
  hn::StoreU(c, Tag(), z);
  for (std::size_t i = 0; i < kLanes; ++i) z[i] = std::fma(x[i], y[i], z[i]);
  return hn::LoadU(Tag(), z);
#endif
}

/// c - a b, rounded once.
HWY_INLINE V negative_fused(V a, V b, V c) { return fused(hn::Neg(a), b, c); }

/// a + b exactly (Knuth's TwoSum), whatever the order of magnitudes.
HWY_INLINE Pair two_sum(V a, V b) {
  const V sum = hn::Add(a, b);
  const V b_part = hn::Sub(sum, a);
  const V a_part = hn::Sub(sum, b_part);
  return {sum, hn::Add(hn::Sub(a, a_part), hn::Sub(b, b_part))};
}

/// a + b exactly where |a| >= |b| (Dekker's Fast2Sum).
HWY_INLINE Pair fast_two_sum(V a, V b) {
  const V sum = hn::Add(a, b);
  return {sum, hn::Sub(b, hn::Sub(sum, a))};
}

/// a b exactly but for underflow of the low part.
HWY_INLINE Pair two_product(V a, V b) {
  const V product = hn::Mul(a, b);
  return {product, fused(a, b, hn::Neg(product))};
}

/// AccurateDWPlusDW: relative error at most 3.01 u^2 (Joldes, Muller, Popescu 2017, theorem 3.1).
HWY_INLINE Pair add(const Pair& x, const Pair& y) {
  const Pair s = two_sum(x.hi, y.hi);
  const Pair t = two_sum(x.lo, y.lo);
  const Pair v = fast_two_sum(s.hi, hn::Add(s.lo, t.hi));
  return fast_two_sum(v.hi, hn::Add(t.lo, v.lo));
}

/// x y without lo * lo, before it is made a pair whose high part is the rounded sum.
HWY_INLINE Pair product(const Pair& x, const Pair& y) {
  const Pair p = two_product(x.hi, y.hi);
  return {p.hi, fused(x.lo, y.hi, fused(x.hi, y.lo, p.lo))};
}

/// The next term of a sum that stays next to its anchor: h + l takes a b, to the error that 14 states.
HWY_INLINE void add_anchored(V& h, V& l, V a, V b) {
  const V sum = fused(a, b, h);
  l = hn::Add(l, fused(a, b, hn::Sub(h, sum)));
  h = sum;
}

}  // namespace attest::oracle::dd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
