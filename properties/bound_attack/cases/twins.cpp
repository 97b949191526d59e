#include "bound_attack/cases/contracts.hpp"

namespace attest::attack {
namespace {

// Kernels that exceed their contract.
std::vector<Twin> beyond_their_contract() {
  return {
      {"numerator rounded once more, to bf16", "f32;output=bf16", "f32"},
      {"output passes through bf16", "flash-f16;output=bf16", "flash-f16"},
      {"P truncated, not rounded (bf16)", "flash-bf16;probability.rounding=toward-zero", "flash-bf16"},
      {"P truncated, not rounded (f16)", "flash-f16;probability.rounding=toward-zero", "flash-f16"},
      {"normalised P truncated", "unfused-bf16;probability.rounding=toward-zero", "unfused-bf16"},
      {"exponential off by 4 times its declared error", "f32;exp_rel=0.0000019073486328125", "f32"},
      {"exponential off by 4 times (bf16)", "flash-bf16;exp_rel=0.0000019073486328125", "flash-bf16"},
      {"numerator in f16", "flash-f16;accumulate_numerator=f16", "flash-f16"},
      {"denominator in f16", "flash-f16;accumulate_denominator=f16", "flash-f16"},
      {"numerator in bf16", "flash-bf16;accumulate_numerator=bf16", "flash-bf16"},
      {"denominator in bf16", "flash-bf16;accumulate_denominator=bf16", "flash-bf16"},
      {"scores in f16", "flash-f16;accumulate_score=f16", "flash-f16"},
      {"one rescale of the numerator missing", "f32", "f32", Fault::one_numerator_rescale_missing},
      {"one rescale of l missing", "f32", "f32", Fault::one_denominator_rescale_missing},
      {"rescale factors through bf16 (f32)", "f32", "f32", Fault::exponential_of_rescale_in_bf16},
      {"rescale factors through bf16", "flash-bf16", "flash-bf16", Fault::exponential_of_rescale_in_bf16},
  };
}

// Bounds with a term left out.
std::vector<Twin> without_a_term() {
  return {
      {"exp_rel", "f32", "f32;exp_rel=0"},
      {"exp_abs", "f32;exp_abs=0.0001", "f32"},
      {"tanh_rel", "f32;tanh_abs=0", "f32;tanh_rel=0;tanh_abs=0"},
      {"tanh_abs", "f32;tanh_rel=0", "f32;tanh_rel=0;tanh_abs=0"},
      {"log_rel", "f32;log_abs=0", "f32;log_rel=0;log_abs=0"},
      {"log_abs", "f32;log_rel=0", "f32;log_rel=0;log_abs=0"},
      {"rounding of P", "f32;probability=bf16", "f32"},
      {"rounded P in l", "flash-bf16;denominator_sums=rounded", "flash-bf16"},
      {"unrounded P in l", "flash-bf16", "flash-bf16;denominator_sums=rounded"},
      {"absolute rounding of normalised P", "flash-f16;unfused=true", "flash-f16"},
      {"final division of the fused form", "flash-f16", "flash-f16;unfused=true"},
      {"reciprocal", "f32;division=reciprocal", "f32"},
      {"tau", "f32;tau=20", "f32"},
      {"tau, without exp's error", "f32;tau=20;exp_rel=0", "f32;exp_rel=0"},
      {"rescales", "f32", "f32;key_block=1024"},
      {"splits merged by state", "f32;splits=4;key_block=1024;exp_rel=0.001",
       "f32;key_block=1024;exp_rel=0.001"},
      {"splits merged by lse", "f32;splits=4;merge=lse", "f32"},
      {"merge by lse, not state", "f32;splits=4;merge=lse;log_rel=0.0001", "f32;splits=4;log_rel=0.0001"},
      {"partial format of state", "f32;splits=3;partial=bf16", "f32;splits=3"},
      {"partial format of outputs", "f32;splits=3;partial=f16;merge=lse", "f32;splits=3;merge=lse"},
      {"truncation of scores", "f32;accumulate_score.rounding=toward-zero", "f32"},
      {"truncation of the numerator", "f32;accumulate_numerator.rounding=toward-zero", "f32"},
      {"truncation of the denominator", "f32;accumulate_denominator.rounding=toward-zero;exp_rel=0",
       "f32;exp_rel=0"},
      {"block-FMA of the numerator", "f32;accumulate_numerator.order=block-fma:4", "f32"},
      {"block-FMA of scores", "f32;accumulate_score.order=block-fma:4", "f32"},
      {"block-FMA of the denominator", "f32;accumulate_denominator.order=block-fma:4", "f32"},
      {"depth of sequential numerators", "f32;key_block=16;exp_rel=0;accumulate_denominator.order=tree",
       "f32;key_block=16;exp_rel=0;accumulate_denominator.order=tree;accumulate_numerator.order=tree",
       Fault::none, true},
      {"depth of sequential denominators", "f32;key_block=16;exp_rel=0;accumulate_numerator.order=tree",
       "f32;key_block=16;exp_rel=0;accumulate_denominator.order=tree;accumulate_numerator.order=tree",
       Fault::none, true},
      {"store of the product", "flash-f16;score.product=f16", "flash-f16"},
      {"store of the scaled score", "flash-f16;score.scaled=f16", "flash-f16"},
      {"store of the biased score", "flash-f16;score.biased=f16", "flash-f16"},
      {"conversion of q", "flash-bf16;q_conversion=bf16", "flash-bf16"},
      {"sqrt(scale) on both sides", "f32;score_scale=sqrt-both", "f32"},
      {"folded log2(e)", "f32;score_shift=folded", "f32"},
      {"rounded shifts", "f32;score_shift.rounded=true;exp_rel=0", "f32;exp_rel=0"},
      {"sink outside the maximum", "f32;sink_in_max=false", "f32"},
      {"truncation of the output", "f32;output.rounding=toward-zero", "f32"},
      {"flushing of outputs", "f32;underflow=flush-outputs", "f32"},
      {"flushing of f16 scores", "flash-f16;accumulate_score=f16;underflow=flush-outputs",
       "flash-f16;accumulate_score=f16"},
  };
}

// The same, of conversions, of the shift, and of how sums begin and end.
std::vector<Twin> further_without_a_term() {
  return {
      {"chain of merges by lse", "f32;splits=8;merge=chain;log_rel=0.0001;key_block=64",
       "f32;splits=8;merge=lse;log_rel=0.0001;key_block=64"},
      {"stores between the links of a chain", "f32;splits=6;merge=chain;partial=bf16",
       "f32;splits=6;merge=lse;partial=bf16"},
      {"conversion of k", "f32;k_conversion=tf32", "f32"},
      {"conversion of k in addition to that of q", "f32;q_conversion=bf16;k_conversion=bf16",
       "f32;q_conversion=bf16"},
      {"conversion of v", "f32;v_conversion=f16", "f32"},
      {"underflow of a conversion of v", "f32;v_conversion=e4m3", "f32;v_conversion=tf32"},
      {"bias as first term", "f32;score.bias=first", "f32"},
      {"ALiBi by position", "f32;score.alibi=position", "f32"},
      {"shift above the maximum", "f32;shift_above=40;exp_rel=0", "f32;exp_rel=0"},
      {"shift by norms", "f32;shift_above=norms;exp_rel=0", "f32;exp_rel=0"},
      {"error of the reciprocal", "f32;division=reciprocal;reciprocal_rel=0.000001",
       "f32;division=reciprocal"},
      {"error of the reciprocal, unfused", "unfused-f16;division=reciprocal;reciprocal_rel=0.01",
       "unfused-f16;division=reciprocal"},
      {"underflow of P without its scale", "unfused-f16", "unfused-f16;probability.scale=256"},
      {"P in e4m3", "f32;probability=e4m3", "f32;probability=bf16"},
      {"P stochastically rounded", "flash-bf16;probability.rounding=stochastic", "flash-bf16"},
      {"centred values", "f32;numerator_sums=centred", "f32"},
      {"sink outside the maximum, not last", "f32;sink_in_max=false", "f32;sink_in_max=false",
       Fault::late_sink_after_one_tile},
  };
}

}  // namespace

const std::vector<Twin>& twins() {
  static const std::vector<Twin> list = [] {
    std::vector<Twin> all = beyond_their_contract();
    for (const auto& more : {without_a_term(), further_without_a_term()})
      all.insert(all.end(), more.begin(), more.end());
    return all;
  }();
  return list;
}

}  // namespace attest::attack
