// What each operator's arithmetic is, as numerics contracts (`attest list contracts`).
//
// Measured on version 1.30.0 for x86-64, AVX-512, u = 2^-24, over every float in the range given:
// - exp: 2.19 u over [-104, -2^-28], as rows {0, x} of the Softmax operator, which runs the same routine (the
//   ratio of two probabilities, which adds at most 1 u of its own); it underflows gradually, to 0 near -103.
//   f64: 3.13 u of 2^-53 over 8e5 arguments in [-700, 0]. Kernels for other instruction sets evaluate the
//   same polynomial; not measured, they are given the presets' 8 u.
// - tanh: 5.46 u, relative over [1e-4, 20] and absolute over [1e-38, 20], as the Tanh operator; softcap adds
//   its division and product.
// - f64 tanh: 7.40 u over 1.2e6 arguments; 16 u declared.
// - P is e * fl(1 / l) in f32, e / l in f64: with l = 3, in all of the 6691 and 6771 arguments where the two
//   differ.
//
// The matrix product starts from the bias (or mask) and adds the scaled product to it in panels of at least
// 128 channels, so heads of up to 256 channels round the biased sum twice: score.biased counts the second.
#pragma once

namespace attest::kernel::onnxruntime {

/// f32 and f64 store nothing narrower. f16 computes in f32 but stores the score after the scale, after the
/// softcap and after the bias, and P, in f16. f64 is the function body of the ONNX standard, which multiplies
/// q and k by sqrt(scale).
inline constexpr const char* kAttentionContract =
    "f32;unfused=true;division=reciprocal;score.biased=f32"
    "|unfused-f16;division=reciprocal"
    "|f64;unfused=true;score_scale=sqrt-both;tanh_rel=1.8e-15;tanh_abs=1.8e-15";

/// Tiled with an online softmax where nothing is masked, biased or past, else unfused. A tile has
/// L2 / (16 (qk_dim + v_dim)) keys: 32 at 256 KiB and dimensions up to 256. f16 is cast to f32 and back.
inline constexpr const char* kMultiHeadContract =
    "f32;key_block=32"
    "|f32;unfused=true;division=reciprocal;score.biased=f32"
    "|flash-f16;probability=none;key_block=32"
    "|unfused-f16;score.product=none;score.scaled=none;score.biased=f32;probability=none;division=reciprocal";

/// Tiled (f32 without softcap or sink), else unfused; f16 inputs are widened and only the output is rounded.
inline constexpr const char* kGroupQueryContract = kMultiHeadContract;

/// Always unfused; f16 is cast to f32 and back.
inline constexpr const char* kContribContract =
    "f32;unfused=true;division=reciprocal;score.biased=f32"
    "|unfused-f16;score.product=none;score.scaled=none;score.biased=f32;probability=none;division=reciprocal";

}  // namespace attest::kernel::onnxruntime
