// exp and softcap of pairs in vectors. Included once for every instruction set.
#if defined(ATTEST_DOUBLE_DOUBLE_EXP_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef ATTEST_DOUBLE_DOUBLE_EXP_INL
#undef ATTEST_DOUBLE_DOUBLE_EXP_INL
#else
#define ATTEST_DOUBLE_DOUBLE_EXP_INL
#endif

#include <cstdint>

#include <hwy/highway.h>

#include "oracle/double_double/arithmetic-inl.hpp"
#include "oracle/double_double/exp_table.hpp"

HWY_BEFORE_NAMESPACE();
namespace attest::oracle::dd::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

HWY_INLINE V constant(double x) { return hn::Set(Tag(), x); }

/// c + r p for a constant c = c_hi + c_lo that is larger than |r p|.
HWY_INLINE Pair horner(double c_hi, double c_lo, const Pair& r, const Pair& p) {
  const Pair m = product(r, p);
  const Pair s = fast_two_sum(constant(c_hi), m.hi);
  return {s.hi, hn::Add(s.lo, c_lo == 0 ? m.lo : hn::Add(m.lo, constant(c_lo)))};
}

/// e^r for |r| < 2^-7.5, the high part next to 1: relative error below 2.5 u^2.
HWY_INLINE Pair exponential_of_remainder(const Pair& r) {
  // Terms from r^6 on need no more than f64: sum of r^(k-6) / k! to k = 11.
  V tail = hn::MulAdd(constant(1.0 / 39916800), r.hi, constant(1.0 / 3628800));
  tail = hn::MulAdd(tail, r.hi, constant(1.0 / 362880));
  tail = hn::MulAdd(tail, r.hi, constant(1.0 / 40320));
  tail = hn::MulAdd(tail, r.hi, constant(1.0 / 5040));
  tail = hn::MulAdd(tail, r.hi, constant(1.0 / 720));
  Pair p = fast_two_sum(constant(0x1.1111111111111p-7), hn::Mul(tail, r.hi));  // 1 / 120
  p.lo = hn::Add(p.lo, constant(0x1.1111111111111p-63));
  p = horner(0x1.5555555555555p-5, 0x1.5555555555555p-59, r, p);  // 1 / 24
  p = horner(0x1.5555555555555p-3, 0x1.5555555555555p-57, r, p);  // 1 / 6
  p = horner(0.5, 0, r, p);
  p = horner(1, 0, r, p);
  return horner(1, 0, r, p);
}

/// exp(x) for -600 <= x <= 400 and |x.lo| <= u |x.hi|: relative error at most 2^-101 + 3 u^2 |x|.
HWY_INLINE Pair exponential(const ExpTable& table, const Pair& x) {
  const hn::RebindToUnsigned<Tag> bits;
  const hn::RebindToSigned<Tag> index;
  // 1.5 * 2^52: adding it leaves the nearest integer in the lowest bits.
  const V magic = constant(0x1.8p52);
  const V shifted = hn::MulAdd(x.hi, constant(0x1.71547652b82fep+6), magic);  // 64 log2(e)
  const V k = hn::Sub(shifted, magic);
  // ln 2 / 64 in 36 + 33 + 53 bits: k times each of the first two is exact, and so is the first difference.
  const V high = negative_fused(k, constant(0x1.62e42fefa0000p-7), x.hi);
  Pair r = two_sum(high, hn::Mul(k, constant(-0x1.cf79abc900000p-46)));
  r.lo = hn::Add(r.lo, negative_fused(k, constant(0x1.c7673007e5ed6p-79), x.lo));
  r = two_sum(r.hi, r.lo);
  const Pair e = exponential_of_remainder(r);
  // k + 64 * 1023 is not negative, so no sign has to be shifted.
  const auto steps = hn::Sub(hn::BitCast(bits, shifted), hn::Set(bits, 0x4338000000000000U - 64 * 1023));
  const auto step = hn::BitCast(index, hn::And(steps, hn::Set(bits, 63)));
  const V power = hn::BitCast(Tag(), hn::ShiftLeft<52>(hn::ShiftRight<6>(steps)));
  const Pair root{hn::GatherIndex(Tag(), table.hi.data(), step),
                  hn::GatherIndex(Tag(), table.lo.data(), step)};
  Pair y = product(root, e);
  y = fast_two_sum(y.hi, y.lo);
  return {hn::Mul(y.hi, power), hn::Mul(y.lo, power)};
}

/// c tanh(x / c), given 2 / c as a pair, for c > 0: c - 2 c / (exp(2 x / c) + 1), off by at most 64 u^2 c.
HWY_INLINE Pair softcapped(const ExpTable& table, const Pair& x, double c, double twice_inverse_hi,
                           double twice_inverse_lo) {
  // From |x| = 41 c on, what is lost is below 2^-116 c.
  const auto inside = hn::Lt(hn::Abs(x.hi), constant(41 * c));
  const V edge = hn::CopySign(constant(41 * c), x.hi);
  Pair z = product({hn::IfThenElse(inside, x.hi, edge), hn::IfThenElseZero(inside, x.lo)},
                   {constant(twice_inverse_hi), constant(twice_inverse_lo)});
  z = two_sum(z.hi, z.lo);
  const Pair e = exponential(table, z);
  Pair d = two_sum(e.hi, constant(1));
  d.lo = hn::Add(d.lo, e.lo);
  const V twice = constant(2 * c);
  const V q = hn::Div(twice, d.hi);
  const V rest = hn::Div(negative_fused(q, d.lo, negative_fused(q, d.hi, twice)), d.hi);
  const Pair y = two_sum(constant(c), hn::Neg(q));
  return two_sum(y.hi, hn::Sub(y.lo, rest));
}

}  // namespace attest::oracle::dd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
