#include "noise/trial.hpp"

namespace attest::attack {
namespace {

TrialKernel computes(std::string name, std::string kept, std::string claimed) {
  TrialKernel kernel;
  kernel.name = std::move(name);
  kernel.kept = std::move(kept);
  kernel.claimed = std::move(claimed);
  return kernel;
}

TrialKernel with_fault(std::string name, const std::string& contract, Fault fault) {
  TrialKernel kernel = computes(std::move(name), contract, contract);
  kernel.fault = fault;
  return kernel;
}

TrialKernel with_scale(std::string name, const std::string& contract, double error) {
  TrialKernel kernel = computes(std::move(name), contract, contract);
  kernel.scale_error = error;
  return kernel;
}

TrialKernel to_one_side(TrialKernel kernel, int side) {
  kernel.function_side = side;
  return kernel;
}

TrialKernel without_a_key(std::string name, const std::string& contract) {
  TrialKernel kernel = computes(std::move(name), contract, contract);
  kernel.drops_a_key = true;
  return kernel;
}

TrialKernel rings(bool single, bool bias, TrialKernel kernel, int problems = 40) {
  kernel.problems = problems;
  kernel.single_rings = single;
  kernel.bias_rings = bias;
  return kernel;
}

}  // namespace

const std::vector<TrialKernel>& faulty_kernels() {
  const std::string cut = ".rounding=toward-zero";
  static const std::vector<TrialKernel> kernels{
      rings(true, true, computes("numerator truncated, f32", "f32;accumulate_numerator" + cut, "f32"), 1000),
      rings(true, false, computes("numerator truncated, f64", "f64;accumulate_numerator" + cut, "f64"), 100),
      rings(true, false,
            computes("both sums truncated, f32",
                     "f32;accumulate_numerator" + cut + ";accumulate_denominator" + cut, "f32"),
            120),
      rings(
          false, false,
          computes("numerator truncated, flash-bf16", "flash-bf16;accumulate_numerator" + cut, "flash-bf16")),
      rings(false, false,
            computes("numerator truncated, flash-f16", "flash-f16;accumulate_numerator" + cut, "flash-f16")),
      rings(false, true, computes("P truncated, flash-bf16", "flash-bf16;probability" + cut, "flash-bf16"),
            300),
      rings(true, false, with_fault("log2(e) = 1.443, f32", "f32", Fault::log2e_of_four_digits)),
      rings(true, false, with_fault("log2(e) = 1.443, flash-f16", "flash-f16", Fault::log2e_of_four_digits)),
      rings(true, false,
            with_fault("log2(e) = 1.443, flash-bf16", "flash-bf16", Fault::log2e_of_four_digits)),
      rings(true, false, with_scale("scale off by 1e-4, f32", "f32", 1e-4)),
      rings(true, false, with_scale("scale off by 1e-4, flash-f16", "flash-f16", 1e-4)),
      rings(true, false, with_scale("scale off by 1e-4, flash-bf16", "flash-bf16", 1e-4)),
      rings(true, false, with_scale("scale off by 1e-3, f32", "f32", 1e-3)),
      rings(true, false, with_scale("scale off by 1e-3, flash-f16", "flash-f16", 1e-3)),
      rings(true, false, with_scale("scale off by 1e-3, flash-bf16", "flash-bf16", 1e-3)),
      rings(true, false, without_a_key("one of 4096 keys dropped, f32", "f32"), 8),
      rings(true, false, without_a_key("one of 4096 keys dropped, flash-f16", "flash-f16"), 8),
      rings(true, false, without_a_key("one of 4096 keys dropped, flash-bf16", "flash-bf16"), 8),
      rings(true, false,
            computes("numerator in f16, flash-f16", "flash-f16;accumulate_numerator=f16", "flash-f16")),
      rings(true, false,
            computes("denominator in f16, flash-f16", "flash-f16;accumulate_denominator=f16", "flash-f16")),
      // More than what keys may share, or than functions may lean.
      rings(true, false, computes("q in f16, f32", "f32;q_conversion=f16", "f32")),
      rings(true, false,
            computes("q in bf16, flash-f16;q_conversion=f16", "flash-f16;q_conversion=bf16",
                     "flash-f16;q_conversion=f16")),
      rings(true, false,
            computes("partial results in f16, f32;splits=8;merge=lse", "f32;splits=8;merge=lse;partial=f16",
                     "f32;splits=8;merge=lse")),
      rings(true, false,
            computes("log off by 1e-3, f32;splits=8;merge=lse", "f32;splits=8;merge=lse;log_rel=0.001",
                     "f32;splits=8;merge=lse")),
      rings(true, false,
            to_one_side(computes("exponential high by 64 u, f32", "f32;exp_rel=0.0000038147", "f32"), 1)),
      rings(true, false,
            to_one_side(computes("exponential low by 64 u, f32", "f32;exp_rel=0.0000038147", "f32"), -1)),
      rings(true, false,
            with_scale("scale off by 1e-3, truncated sums", "f32;accumulate_numerator" + cut, 1e-3)),
      rings(true, false,
            with_fault("log2(e) = 1.443, block FMA", "f32;accumulate_numerator.order=block-fma:4",
                       Fault::log2e_of_four_digits)),
  };
  return kernels;
}

}  // namespace attest::attack
