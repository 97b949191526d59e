// What each control computes differently, and what contract says so.

#include "faults/kernels/field_controls.hpp"
#include "faults/kernels/tiled.hpp"

namespace attest::faults::faulty {
namespace {

// What the steps compute; their order is chosen below.
void set_operations(KernelControl control, Arithmetic& a) {
  switch (control) {
    case KernelControl::fused_multiply_add:
      a.fma = true;
      break;
    case KernelControl::exp2_folded:
      a.exp2 = true;
      break;
    case KernelControl::lazy_rescale:
      a.lazy = 8;
      break;
    case KernelControl::probability_16_bits:
      a.round_p = true;
      break;
    case KernelControl::score_plus_1:
    case KernelControl::score_plus_1_no_lse:
      a.plus_one = true;
      a.no_lse = control == KernelControl::score_plus_1_no_lse;
      break;
    case KernelControl::reciprocal:
      a.reciprocal = true;
      break;
    case KernelControl::flush_to_zero:
      a.flush = true;
      break;
    case KernelControl::exp_10_bits:
      a.coarse_exp = true;
      break;
    default:
      set_field(control, a);
  }
}

}  // namespace

Arithmetic arithmetic_of(KernelFault fault, Arithmetic arithmetic) {
  switch (fault) {
    case KernelFault::lse_base2_merged:
      arithmetic.merge_by_lse = true;
      arithmetic.splits = kSplits;
      break;
    case KernelFault::empty_split_uninitialised:
    case KernelFault::empty_split_lse_zero:
    case KernelFault::sink_of_empty_split:
      arithmetic.splits = kSplits;
      break;
    case KernelFault::rescale_contracted:
      arithmetic.tile_keys = 1;
      break;
    default:
      break;
  }
  return arithmetic;
}

Arithmetic arithmetic_of(KernelControl control) {
  Arithmetic a;
  switch (control) {
    case KernelControl::tile_1:
      a.tile_keys = 1;
      break;
    case KernelControl::tile_7:
      a.tile_keys = 7;
      break;
    case KernelControl::tile_128:
      a.tile_keys = 128;
      break;
    case KernelControl::key_order_reversed:
      a.reversed = true;
      break;
    case KernelControl::tree_sums:
      a.tree = true;
      break;
    case KernelControl::split_2:
    case KernelControl::split_7:
      a.splits = control == KernelControl::split_2 ? 2 : 7;
      break;
    case KernelControl::split_5_by_lse:
      a.splits = 5;
      a.merge_by_lse = true;
      break;
    case KernelControl::loop_past_the_end:
      a.past_end = true;
      break;
    case KernelControl::loop_tight:
      a.tight = true;
      break;
    default:
      set_operations(control, a);
  }
  return a;
}

const char* contract_of(KernelFault fault) {
  switch (fault) {
    case KernelFault::lse_base2_merged:
      return ATTEST_CONTRACT("key_block=16;splits=4;merge=lse");
    case KernelFault::empty_split_uninitialised:
    case KernelFault::empty_split_lse_zero:
    case KernelFault::sink_of_empty_split:
      return ATTEST_CONTRACT("key_block=16;splits=4");
    case KernelFault::lazy_rescale_of_group:
      return ATTEST_CONTRACT("key_block=16;tau=8");
    case KernelFault::rescale_contracted:
      return ATTEST_CONTRACT("key_block=1");
    case KernelFault::exp2_rounded_maximum:
      return ATTEST_CONTRACT("key_block=16;score_shift=folded");
    default:
      return ATTEST_CONTRACT("key_block=16");
  }
}

const char* contract_of(KernelControl control) {
  switch (control) {
    case KernelControl::tile_1:
      return ATTEST_CONTRACT("key_block=1");
    case KernelControl::tile_7:
      return ATTEST_CONTRACT("key_block=7");
    case KernelControl::tile_128:
      return ATTEST_CONTRACT("key_block=128");
    case KernelControl::exp2_folded:
      return ATTEST_CONTRACT("key_block=16;score_shift=folded");
    case KernelControl::lazy_rescale:
      return ATTEST_CONTRACT("key_block=16;tau=8");
    case KernelControl::split_2:
      return ATTEST_CONTRACT("key_block=16;splits=2");
    case KernelControl::split_7:
      return ATTEST_CONTRACT("key_block=16;splits=7");
    case KernelControl::split_5_by_lse:
      return ATTEST_CONTRACT("key_block=16;splits=5;merge=lse");
    case KernelControl::probability_16_bits:
      return "f64;key_block=16|f32;key_block=16|flash-bf16;key_block=16|flash-f16;key_block=16";
    case KernelControl::reciprocal:
      return ATTEST_CONTRACT("key_block=16;division=reciprocal");
    case KernelControl::flush_to_zero:
      return ATTEST_CONTRACT("key_block=16;underflow=flush-outputs");
    case KernelControl::exp_10_bits:
      return ATTEST_CONTRACT("key_block=16;exp_rel=0.0008");
    default:
      return contract_of_field(control);
  }
}

}  // namespace attest::faults::faulty
