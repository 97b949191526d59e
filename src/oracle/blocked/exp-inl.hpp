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
namespace attest::blocked::HWY_NAMESPACE {
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
  V p = hn::Set(d, 1.0 / 6227020800);  // 1 / 13!
  p = hn::MulAdd(p, r, hn::Set(d, 1.0 / 479001600));
  p = hn::MulAdd(p, r, hn::Set(d, 1.0 / 39916800));
  p = hn::MulAdd(p, r, hn::Set(d, 1.0 / 3628800));
  p = hn::MulAdd(p, r, hn::Set(d, 1.0 / 362880));
  p = hn::MulAdd(p, r, hn::Set(d, 1.0 / 40320));
  p = hn::MulAdd(p, r, hn::Set(d, 1.0 / 5040));
  p = hn::MulAdd(p, r, hn::Set(d, 1.0 / 720));
  p = hn::MulAdd(p, r, hn::Set(d, 1.0 / 120));
  p = hn::MulAdd(p, r, hn::Set(d, 1.0 / 24));
  p = hn::MulAdd(p, r, hn::Set(d, 1.0 / 6));
  p = hn::MulAdd(p, r, hn::Set(d, 0.5));
  p = hn::MulAdd(p, r, hn::Set(d, 1.0));
  p = hn::MulAdd(p, r, hn::Set(d, 1.0));
  const auto power =
      hn::Add(hn::ShiftLeft<52>(hn::BitCast(bits, shifted)), hn::BitCast(bits, hn::Set(d, 1.0)));  // 2^k
  return hn::Mul(p, hn::BitCast(d, power));
}

}  // namespace attest::blocked::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
