#include "kernel/adapters/onednn/contract.hpp"

#include <fmt/format.h>

namespace attest::kernel {
namespace {

bool has(dnnl::cpu_isa isa, dnnl::cpu_isa part) {
  const auto bits = static_cast<unsigned>(isa);
  const auto wanted = static_cast<unsigned>(part);
  return (bits & wanted) == wanted;
}

// Measured on Debian's 2.6.3, u = 2^-24, over every float in [-104, -2^-28] as rows {0, x} of the softmax
// primitive against exp in double (the ratio of the two outputs, which adds at most 1 u of its own):
//   avx2 and avx512_core: 7.712 u, reached at x = -86.94;   sse41 (and avx): 70.05 u, reached at x = -72.39.
// The range reduction subtracts n * ln 2 with one f32 constant; without FMA the product is rounded as well,
// which is where the error near large |x| comes from. Above |x| = 10 a weight is below e^-10, so it matters
// little.
double exponential_error(dnnl::cpu_isa isa) { return has(isa, dnnl::cpu_isa::avx2) ? 7.75 : 70.1; }

// An exponential below sqrt(2) 2^-126 becomes 0 (largest seen: 1.6624e-38): 0.4143 smallest normals beside
// the one that contracts include.
constexpr double kExpAbs = 4.9e-39;

// eltwise_tanh over every float: 1.35 u in the jitted kernels; the reference kernel calls tanhf, 2.78 u in
// Debian 12's C library. One more u: softcap itself is rounded to f32. Where tanh is subnormal it is
// absolute.
constexpr double kTanhErrorUlps = 3.8;

}  // namespace

std::string onednn_contract(dnnl::cpu_isa isa) {
  constexpr double kUnit = 0x1p-24;
  // The softmax multiplies by 1 / l: with l = 3, e * fl(1/3) was seen in 6,635 of the 6,635 rows where it
  // differs from fl(e / 3).
  const std::string shared =
      fmt::format("division=reciprocal;exp_rel={:.4g};exp_abs={:.4g};tanh_rel={:.4g};tanh_abs=1.2e-38",
                  exponential_error(isa) * kUnit, kExpAbs, kTanhErrorUlps * kUnit);
  std::string contract = "f32;unfused=true;" + shared;
  if (!has(isa, dnnl::cpu_isa::avx512_core)) return contract;
  // Scores and softmax stay in f32, a reorder rounds P to bf16, and matmul sums in f32.
  contract += "|unfused-bf16;score.product=none;score.scaled=none;score.biased=none;" + shared;
  // VDPBF16PS and TDPBF16PS treat subnormals as zero and flush results, whatever MXCSR says (Intel SDM).
  if (has(isa, dnnl::cpu_isa::avx512_core_bf16)) contract += ";underflow=flush-inputs";
  return contract;
}

}  // namespace attest::kernel
