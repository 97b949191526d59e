#include "check/promises/parts.hpp"
#include "check/promises/predicates.hpp"

namespace attest::check::promised {

std::vector<Promise> tensors() {
  constexpr std::string_view kTypes = "Data types f64, f32, f16 and bf16 (kDLBfloat) on kDLCPU";
  constexpr std::string_view kStrides =
      "Strides are never NULL, count elements, and may be anything for inputs (0 included)";
  constexpr std::string_view kOutputs = "out and lse may have any strides that do not overlap.";
  constexpr std::string_view kNothing = "batch, q_len and kv_len may be 0 (data may then be NULL).";
  constexpr std::string_view kManners =
      "The kernel must not write to its inputs, nor outside out and lse, nor rely on what they held before "
      "the call.";
  return {
      {"f64", kTypes, ATTEST_CASE(is_dtype(p, DType::f64)), "library:score_rounded_f16"},
      {"f32", kTypes, ATTEST_CASE(is_dtype(p, DType::f32)), "plain:off_in_f32"},
      {"f16", kTypes, ATTEST_CASE(is_dtype(p, DType::f16)), "plain:off_in_f16"},
      {"bf16", kTypes, ATTEST_CASE(is_dtype(p, DType::bf16)), "plain:off_in_bf16"},
      {"k and v in another type", "q and out share one, k and v share one.",
       ATTEST_CASE(p.q.dtype() != p.k.dtype() && size_of(p.q.dtype()) == size_of(p.k.dtype()) && any_key(p)),
       "plain:kv_as_type_of_q"},
      {"strides of q", kStrides, ATTEST_CASE(not_packed(p.q)), "plain:q_strides_ignored"},
      {"strides of k", kStrides, ATTEST_CASE(not_packed(p.k)), "plain:k_strides_ignored"},
      {"strides of v", kStrides, ATTEST_CASE(not_packed(p.v)), "plain:v_strides_ignored"},
      {"strides of 0", kStrides, ATTEST_CASE(stride_0(p.q) || stride_0(p.k) || stride_0(p.v)),
       "plain:stride_0_is_1"},
      {"gaps in inputs", kStrides, ATTEST_CASE(padded(p.k)), "library:key_strides_ignored"},
      {"strides of bias and mask", kStrides, ATTEST_CASE(not_packed(p.bias) || not_packed(p.mask)),
       "plain:bias_strides_ignored"},
      {"strides of slopes, sink and kv_lens", kStrides, ATTEST_CASE(has(p, Feature::strided_vectors)),
       "plain:vector_strides_ignored"},
      {"inputs at one address", kStrides, ATTEST_CASE(has(p, Feature::shared_address)),
       "plain:shared_inputs"},
      {"offsets past 2^31", kStrides, ATTEST_CASE(has(p, Feature::far_offsets)), "plain:far_offsets_wrap"},
      {"strides of out", kOutputs, ATTEST_CASE(has(p, Feature::strided_out)), "plain:out_strides_ignored"},
      {"strides of lse", kOutputs, ATTEST_CASE(has(p, Feature::strided_out) && p.want_lse),
       "plain:lse_strides_ignored"},
      {"alignment", "Only element alignment is promised.",
       ATTEST_CASE(plan.placement != kernel::Placement::page_begin), "plain:fails_unaligned"},
      {"no batch", kNothing, ATTEST_CASE(p.batch() == 0), "plain:fails_without_batch"},
      {"no rows", kNothing, ATTEST_CASE(p.q_len() == 0), "plain:fails_without_rows"},
      {"no keys", kNothing, ATTEST_CASE(p.kv_len() == 0), "plain:fails_without_keys"},
      {"inputs are read only", kManners, ATTEST_CASE(any_key(p)), "hostile:mutates"},
      {"nothing is written elsewhere", kManners, ATTEST_CASE(plan.placement != kernel::Placement::misaligned),
       "hostile:overruns"},
      {"outputs are written only", kManners, ATTEST_CASE(applies(plan, laws::LawId::repeat)),
       "plain:reads_output"},
      {"earlier calls", kManners, ATTEST_CASE(applies(plan, laws::LawId::history)), "plain:keeps_state"},
      {"lengths of earlier calls", kManners, ATTEST_CASE(applies(plan, laws::LawId::history)),
       "plain:lengths_of_first_call"},
      {"scalars of earlier calls", kManners, ATTEST_CASE(applies(plan, laws::LawId::history)),
       "plain:scalars_of_first_call"},
  };
}

}  // namespace attest::check::promised
