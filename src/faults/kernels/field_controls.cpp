#include "faults/kernels/field_controls.hpp"

namespace attest::faults::faulty {

void set_field(KernelControl control, Arithmetic& a) {
  switch (control) {
    case KernelControl::split_6_chained:
      a.splits = 6;
      a.merge_by_lse = a.chained = true;
      break;
    case KernelControl::products_tf32_declared:
      a.q = a.k = Narrow::tf32;
      break;
    case KernelControl::keys_values_in_bf16:
      a.k = a.v = Narrow::bf16;
      break;
    case KernelControl::keys_values_in_e4m3:
      a.k = a.v = Narrow::e4m3;
      break;
    case KernelControl::shift_by_norms:
      a.reference = Reference::norms;
      break;
    case KernelControl::shift_by_lse:
      a.reference = Reference::lse;
      break;
    case KernelControl::reciprocal_estimate:
      a.reciprocal = a.estimate = true;
      break;
    case KernelControl::probability_times_256:
      a.round_p = true;
      a.p_scale = 256;
      break;
    case KernelControl::probability_e4m3:
      a.p = Narrow::e4m3;
      a.p_scale = 256;
      break;
    case KernelControl::probability_stochastic:
      a.stochastic_p = true;
      break;
    case KernelControl::bias_first:
      a.bias_first = true;
      break;
    case KernelControl::alibi_by_position:
      a.alibi_by_position = true;
      break;
    case KernelControl::order_varies:
      a.order_varies = true;
      break;
    case KernelControl::values_centred:
      a.centred = true;
      break;
    default:
      break;
  }
}

const char* contract_of_field(KernelControl control) {
  switch (control) {
    case KernelControl::split_6_chained:
      return ATTEST_CONTRACT("key_block=16;splits=6;merge=chain");
    case KernelControl::products_tf32_declared:
      return ATTEST_CONTRACT("key_block=16;q_conversion=tf32;k_conversion=tf32");
    case KernelControl::keys_values_in_bf16:
      return ATTEST_CONTRACT("key_block=16;k_conversion=bf16;v_conversion=bf16");
    case KernelControl::keys_values_in_e4m3:
      return ATTEST_CONTRACT("key_block=16;k_conversion=e4m3;v_conversion=e4m3");
    case KernelControl::shift_by_norms:
      return ATTEST_CONTRACT("key_block=16;shift_above=norms");
    case KernelControl::shift_by_lse:
      return ATTEST_CONTRACT("key_block=16;shift_above=15");
    case KernelControl::reciprocal_estimate:
      return ATTEST_CONTRACT("key_block=16;division=reciprocal;reciprocal_rel=6e-7");
    case KernelControl::probability_times_256:
      return "f64;key_block=16|f32;key_block=16|flash-bf16;key_block=16;probability.scale=256|"
             "flash-f16;key_block=16;probability.scale=256";
    case KernelControl::probability_e4m3:
      return "f64;key_block=16;probability=e4m3;probability.scale=256|"
             "f32;key_block=16;probability=e4m3;probability.scale=256|"
             "flash-bf16;key_block=16;probability=e4m3;probability.scale=256|"
             "flash-f16;key_block=16;probability=e4m3;probability.scale=256";
    case KernelControl::probability_stochastic:
      return "f64;key_block=16|f32;key_block=16|flash-bf16;key_block=16;probability.rounding=stochastic|"
             "flash-f16;key_block=16;probability.rounding=stochastic";
    case KernelControl::bias_first:
      return ATTEST_CONTRACT("key_block=16;score.bias=first");
    case KernelControl::alibi_by_position:
      return ATTEST_CONTRACT("key_block=16;score.alibi=position");
    case KernelControl::order_varies:
      return ATTEST_CONTRACT("key_block=16;repeatable=false");
    case KernelControl::values_centred:
      return ATTEST_CONTRACT("key_block=16;numerator_sums=centred");
    default:
      return ATTEST_CONTRACT("key_block=16");
  }
}

}  // namespace attest::faults::faulty
