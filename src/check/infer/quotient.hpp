// Quotients as a kernel's last step computes them.
#pragma once

#include "check/infer/probe_kernel.hpp"

namespace attest::check {

/// Whether outputs show the last bit of f32 sums.
inline bool sees_last_bits(const ProbeKernel& kernel) {
  return kernel.out_format().precision >= kBinary32.precision;
}

/// Of sums as kernels of these dtypes have them.
inline const Format& sums_of(const ProbeKernel& kernel) {
  return kernel.q() == DType::f64 ? kBinary64 : kBinary32;
}

/// Of whole numbers in the format of the sums: divided, or multiplied by the rounded reciprocal.
inline double quotient(const Format& format, double numerator, double denominator, bool reciprocal) {
  return reciprocal ? round_to(format, numerator * round_to(format, 1 / denominator))
                    : round_to(format, numerator / denominator);
}

}  // namespace attest::check
