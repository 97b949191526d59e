#include "kernel/adapters/ggml/contract.hpp"

#include <fmt/format.h>

// Read in ggml/src/ggml-cpu/ops.cpp (ggml_compute_forward_flash_attn_ext_f16 and what it calls) of
// ggml-org/llama.cpp near ggml 0.25, and measured on 0.25.1:
// - q is converted to the vec_dot type of K: f16 for f16, bf16 for bf16, q8_0 for q8_0 and q4_0. Only
// problems of
//   64 rows and more with K and V in f32 or f16 are computed in tiles, in f32 throughout.
// - Scores, exponentials (expf, or a polynomial of 1.95 ulp) and the denominator are in f32.
// - The numerator is in f32, and for V in f16 in f16 (VKQ16) below 64 rows: 8192 equal keys of value 1 give
// 0.25, as
//   the sum stops growing at 2048.
// - Single rows over 512 keys and more are split among the threads, and merged by (m, l, o). A contract
// without
//   splits covers that as well: with T splits a term passes at most n / T + T additions and rescales, of the
//   n - 1 each that tiles of one key and any order of additions allow.
// - The output is multiplied by 1 / l.

namespace attest::kernel::ggml {
namespace {

std::string shared(const Variant& variant) {
  return variant.threads > 1 ? fmt::format(";division=reciprocal;splits={}", variant.threads)
                             : ";division=reciprocal";
}

// What q goes through, and what sums the values.
std::string arithmetic(const Variant& variant, Type cache) {
  switch (cache) {
    case Type::f32:
      return "";
    case Type::f16:
      // "uses F32 accumulators" (ops.cpp) is taken at its word where GGML_PREC_F32 asks for them.
      return variant.precision == Precision::f32 ? ";q_conversion=f16"
                                                 : ";q_conversion=f16;accumulate_numerator=f16";
    case Type::bf16:
      // VDPBF16PS treats subnormals as zero and flushes results, whatever MXCSR says (Intel SDM).
      return variant.bf16_products ? ";q_conversion=bf16;underflow=flush-inputs" : ";q_conversion=bf16";
    case Type::q8_0:
    case Type::q4_0:
      return ";q_conversion=q8_0";
  }
  return "";
}

std::string storage(Type cache) {
  switch (cache) {
    case Type::f32:
      return "";
    case Type::f16:
      return ";kv_storage=f16";
    case Type::bf16:
      return ";kv_storage=bf16";
    case Type::q8_0:
      return ";kv_storage=q8_0";
    case Type::q4_0:
      return ";kv_storage=q4_0";
  }
  return "";
}

}  // namespace

std::string contract_of(const Variant& variant) {
  const std::string common = shared(variant);
  const auto native = [&](const char* preset, Type cache) {
    return fmt::format("{};probability=none{}{}", preset, arithmetic(variant, cache), common);
  };
  std::string contract = "f32" + arithmetic(variant, variant.cache) + storage(variant.cache) + common;
  if (variant.cache == Type::f32 || variant.cache == Type::f16)
    contract += "|" + native("flash-f16", Type::f16);
  if (variant.cache == Type::f32 || variant.cache == Type::bf16)
    contract += "|" + native("flash-bf16", Type::bf16);
  return contract;
}

}  // namespace attest::kernel::ggml
