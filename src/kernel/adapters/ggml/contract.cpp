#include "kernel/adapters/ggml/contract.hpp"

#include <string_view>

#include <fmt/format.h>

// Read in ggml/src/ggml-cpu/ops.cpp (ggml_compute_forward_flash_attn_ext_f16 and what it calls) of
// ggml-org/llama.cpp near ggml 0.25, and measured on 0.25.1:
// - q is converted to the vec_dot type of K: f16 for f16, bf16 for bf16, q8_1 for q4_1 and q5_1, q8_0 for the
//   other blocks. Only problems of 64 rows and more with K and V both in f32 or both in f16 are computed in
//   tiles, in f32 throughout.
// - Scores, exponentials (expf, or a polynomial of 1.95 ulp) and the denominator are in f32.
// - The numerator is in f32, V in blocks is converted to f32 first. For V in f16 it is in f16 (VKQ16) outside
//   tiles: 8192 equal keys of value 1 give 0.25, as the sum stops growing at 2048.
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

// What q goes through.
std::string of_keys(const Variant& variant, Type k) {
  switch (k) {
    case Type::f32:
      return "";
    case Type::f16:
      return ";q_conversion=f16";
    case Type::bf16:
      // VDPBF16PS treats subnormals as zero and flushes results, whatever MXCSR says (Intel SDM).
      return variant.bf16_products ? ";q_conversion=bf16;underflow=flush-inputs" : ";q_conversion=bf16";
    case Type::q8_0:
    case Type::q4_0:
    case Type::q5_0:
    case Type::iq4_nl:
      return ";q_conversion=q8_0";
    case Type::q4_1:
    case Type::q5_1:
      return ";q_conversion=q8_1";
  }
  return "";
}

// What sums the values. "uses F32 accumulators" (ops.cpp) is taken at its word where GGML_PREC_F32 asks for
// them.
std::string of_values(const Variant& variant, Type v) {
  return v == Type::f16 && variant.precision != Precision::f32 ? ";accumulate_numerator=f16" : "";
}

std::string arithmetic(const Variant& variant, CacheTypes cache) {
  return of_keys(variant, cache.k) + of_values(variant, cache.v);
}

std::string_view storage_of(Type type) {
  switch (type) {
    case Type::f32:
      return "as-given";
    case Type::f16:
      return "f16";
    case Type::bf16:
      return "bf16";
    case Type::q8_0:
      return "q8_0";
    case Type::q4_0:
      return "q4_0";
    case Type::q4_1:
      return "q4_1";
    case Type::q5_0:
      return "q5_0";
    case Type::q5_1:
      return "q5_1";
    case Type::iq4_nl:
      return "iq4_nl";
  }
  return "";
}

std::string storage(CacheTypes cache) {
  if (cache == CacheTypes{}) return "";
  if (cache.k == cache.v) return fmt::format(";kv_storage={}", storage_of(cache.k));
  return fmt::format(";kv_storage={}/{}", storage_of(cache.k), storage_of(cache.v));
}

}  // namespace

std::string contract_of(const Variant& variant) {
  const std::string common = shared(variant);
  const auto native = [&](const char* preset, Type cache) {
    return fmt::format("{};probability=none{}{}", preset, arithmetic(variant, CacheTypes::both(cache)),
                       common);
  };
  std::string contract = "f32" + arithmetic(variant, variant.cache) + storage(variant.cache) + common;
  if (variant.cache == CacheTypes{} || variant.cache == CacheTypes::both(Type::f16))
    contract += "|" + native("flash-f16", Type::f16);
  if (variant.cache == CacheTypes{} || variant.cache == CacheTypes::both(Type::bf16))
    contract += "|" + native("flash-bf16", Type::bf16);
  return contract;
}

}  // namespace attest::kernel::ggml
