// exp of a vector of f64, relative error below 2^-50 (docs/bound-derivation.md 13 proves 5u).
// Valid for x <= 700; x below -700 counts as -700. Included once for every instruction set.
#if defined(ATTEST_BLOCKED_EXP_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef ATTEST_BLOCKED_EXP_INL
#undef ATTEST_BLOCKED_EXP_INL
#else
#define ATTEST_BLOCKED_EXP_INL
#endif

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace attest::oracle::blocked::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class D, class V = hn::Vec<D>>
HWY_INLINE V exponential(D d, V x) {
  const hn::RebindToUnsigned<D> bits;
  // 1.5 * 2^52: adding it leaves the nearest integer in the lowest bits.
  const V magic = hn::Set(d, 0x1.8p52);
  x = hn::Max(x, hn::Set(d, -700.0));
  const V shifted = hn::MulAdd(x, hn::Set(d, 0x1.71547652b82fep0), magic);  // log2(e)
  const V k = hn::Sub(shifted, magic);
  const V high = hn::NegMulAdd(k, hn::Set(d, 0x1.62e42fee00000p-1), x);  // ln 2 to 32 bits: k * it is exact
  const V r = hn::NegMulAdd(k, hn::Set(d, 0x1.a39ef35793c76p-33), high);
  // e^r = 1 + r (1 + r q), q = sum of r^(k-2) / k! to k = 13, in pairs: a chain of 13 steps would be waited
  // for.
  const auto pair = [&](double low, double high_) {
    return hn::MulAdd(hn::Set(d, high_), r, hn::Set(d, low));
  };
  const V r2 = hn::Mul(r, r);
  const V r4 = hn::Mul(r2, r2);
  const V q0 = hn::MulAdd(pair(1.0 / 24, 1.0 / 120), r2, pair(0.5, 1.0 / 6));
  const V q1 = hn::MulAdd(pair(1.0 / 40320, 1.0 / 362880), r2, pair(1.0 / 720, 1.0 / 5040));
  const V q2 = hn::MulAdd(pair(1.0 / 479001600, 1.0 / 6227020800), r2, pair(1.0 / 3628800, 1.0 / 39916800));
  const V q = hn::MulAdd(hn::MulAdd(q2, r4, q1), r4, q0);
  const V one = hn::Set(d, 1.0);
  const V p = hn::MulAdd(hn::MulAdd(q, r, one), r, one);
  const auto power =
      hn::Add(hn::ShiftLeft<52>(hn::BitCast(bits, shifted)), hn::BitCast(bits, hn::Set(d, 1.0)));  // 2^k
  return hn::Mul(p, hn::BitCast(d, power));
}

/// c tanh(x / c) = c - 2 c / (exp(2 x / c) + 1) for c > 0, off by at most 12u c.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V softcapped(D d, V x, double c) {
  V z = hn::Mul(x, hn::Set(d, 2 / c));
  z = hn::Min(hn::Max(z, hn::Set(d, -80.0)), hn::Set(d, 80.0));  // tanh 40 is 1 to 2^-114
  const V sum = hn::Add(exponential(d, z), hn::Set(d, 1.0));
  return hn::Sub(hn::Set(d, c), hn::Div(hn::Set(d, 2 * c), sum));
}

}  // namespace attest::oracle::blocked::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
