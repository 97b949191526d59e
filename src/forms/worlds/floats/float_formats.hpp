// The float semantics and the contracts that forms in them keep.
//
// exp and log of glibc err by less than 1 ulp, 2 u relative; an emulated one, computed in double and rounded
// again, by u (1 + 2^-40). Results below the smallest normal number err by half the smallest subnormal number
// or by one of it. Every operation rounds once, in any order of keys and tiles (key_block stays 1).
#pragma once

#include "forms/worlds/floats/certified_world.hpp"
#include "semantics/emulated.hpp"
#include "semantics/mixed.hpp"
#include "semantics/native.hpp"

namespace attest::forms {

struct F64Format {
  using A = semantics::F64;
  static constexpr SemanticsEntry kEntry{.name = "f64",
                                         .meaning = "the machine's doubles; within the certified bound"};
  static constexpr DType kDType = DType::f64;
  static constexpr const char* kContract = "f64;exp_rel=2.2205e-16;exp_abs=5e-324;log_rel=2.2205e-16";
  static A semantics() { return {}; }
};

struct F32Format {
  using A = semantics::F32;
  static constexpr SemanticsEntry kEntry{.name = "f32",
                                         .meaning = "the machine's floats; within the certified bound"};
  static constexpr DType kDType = DType::f32;
  static constexpr const char* kContract = "f32;exp_rel=1.1921e-7;exp_abs=1.5e-45;log_rel=1.1921e-7";
  static A semantics() { return {}; }
};

struct F16Format {
  using A = semantics::Emulated<>;
  static constexpr SemanticsEntry kEntry{
      .name = "f16", .meaning = "emulated binary16 throughout; within the certified bound"};
  static constexpr DType kDType = DType::f16;
  static constexpr const char* kContract =
      "flash-f16;accumulate_score=f16;accumulate_numerator=f16;accumulate_denominator=f16;probability=none;"
      "exp_rel=4.8829e-4;exp_abs=2.981e-8;log_rel=4.8829e-4;log_abs=2.981e-8";
  static A semantics() { return A(kBinary16); }
};

struct Bf16Format {
  using A = semantics::Emulated<>;
  static constexpr SemanticsEntry kEntry{
      .name = "bf16", .meaning = "emulated bfloat16 throughout; within the certified bound"};
  static constexpr DType kDType = DType::bf16;
  static constexpr const char* kContract =
      "flash-bf16;accumulate_score=bf16;accumulate_numerator=bf16;accumulate_denominator=bf16;probability="
      "none;"
      "exp_rel=3.9063e-3;exp_abs=4.6e-41;log_rel=3.9063e-3;log_abs=4.6e-41";
  static A semantics() { return A(kBfloat16); }
};

struct MixedF16Format {
  using A = semantics::Mixed<>;
  static constexpr SemanticsEntry kEntry{
      .name = "f32, P in f16",
      .meaning = "sums in f32, probabilities and outputs in f16; within the certified bound"};
  static constexpr DType kDType = DType::f16;
  static constexpr const char* kContract = "flash-f16;exp_rel=1.1921e-7;exp_abs=1.5e-45;log_rel=1.1921e-7";
  static A semantics() { return {{}, kBinary16}; }
};

struct MixedBf16Format {
  using A = semantics::Mixed<>;
  static constexpr SemanticsEntry kEntry{
      .name = "f32, P in bf16",
      .meaning = "sums in f32, probabilities and outputs in bf16; within the certified bound"};
  static constexpr DType kDType = DType::bf16;
  static constexpr const char* kContract = "flash-bf16;exp_rel=1.1921e-7;exp_abs=1.5e-45;log_rel=1.1921e-7";
  static A semantics() { return {{}, kBfloat16}; }
};

}  // namespace attest::forms
