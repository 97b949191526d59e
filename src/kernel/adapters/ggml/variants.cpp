#include "kernel/adapters/ggml/variants.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace attest::kernel::ggml {
namespace {

struct Requirement {
  std::string_view name;
  bool met;
};

#if defined(__x86_64__)

CpuLibrary library(std::string name, std::initializer_list<Requirement> requirements,
                   bool bf16_products = false) {
  CpuLibrary result{std::move(name), "", bf16_products};
  for (const Requirement& r : requirements) {
    if (r.met) continue;
    if (!result.lacking.empty()) result.lacking += ", ";
    result.lacking += r.name;
  }
  return result;
}

// What ggml/src/CMakeLists.txt of ggml 0.25 compiles each library for; zen 4 is preferred to Cooper Lake.
std::vector<CpuLibrary> detect() {
  const Requirement sse42{"SSE4.2", __builtin_cpu_supports("sse4.2") != 0};
  const Requirement avx{"AVX", __builtin_cpu_supports("avx") != 0};
  const Requirement f16c{"F16C", __builtin_cpu_supports("f16c") != 0};
  const Requirement fma{"FMA", __builtin_cpu_supports("fma") != 0};
  const Requirement avx2{"AVX2", __builtin_cpu_supports("avx2") != 0};
  const Requirement bmi2{"BMI2", __builtin_cpu_supports("bmi2") != 0};
  const Requirement avx512{"AVX-512 F, CD, VL, DQ and BW", __builtin_cpu_supports("avx512f") != 0 &&
                                                               __builtin_cpu_supports("avx512cd") != 0 &&
                                                               __builtin_cpu_supports("avx512vl") != 0 &&
                                                               __builtin_cpu_supports("avx512dq") != 0 &&
                                                               __builtin_cpu_supports("avx512bw") != 0};
  const Requirement vbmi{"AVX-512 VBMI", __builtin_cpu_supports("avx512vbmi") != 0};
  const Requirement vnni{"AVX-512 VNNI", __builtin_cpu_supports("avx512vnni") != 0};
  const Requirement bf16{"AVX-512 BF16", __builtin_cpu_supports("avx512bf16") != 0};
  const Requirement avx_vnni{"AVX-VNNI", __builtin_cpu_supports("avxvnni") != 0};
  const Requirement amx{"AMX",
                        __builtin_cpu_supports("amx-tile") != 0 && __builtin_cpu_supports("amx-int8") != 0};
  return {
      library("x64", {}),
      library("sse42", {sse42}),
      library("sandybridge", {sse42, avx}),
      library("ivybridge", {sse42, avx, f16c}),
      library("piledriver", {sse42, avx, f16c, fma}),
      library("haswell", {avx2, f16c, fma, bmi2}),
      library("alderlake", {avx2, f16c, fma, bmi2, avx_vnni}),
      library("skylakex", {avx2, f16c, fma, bmi2, avx512}),
      library("cannonlake", {avx2, f16c, fma, bmi2, avx512, vbmi}),
      library("cascadelake", {avx2, f16c, fma, bmi2, avx512, vnni}),
      library("icelake", {avx2, f16c, fma, bmi2, avx512, vbmi, vnni}),
      library("cooperlake", {avx2, f16c, fma, bmi2, avx512, vnni, bf16}, true),
      library("zen4", {avx2, f16c, fma, bmi2, avx512, vbmi, vnni, bf16}, true),
      library("sapphirerapids", {avx2, f16c, fma, bmi2, avx512, vbmi, vnni, bf16, amx}, true),
  };
}

#else

std::vector<CpuLibrary> detect() { return {}; }  // the package is for x86-64

#endif

std::vector<Variant> make_variants() {
  std::vector<Variant> list;
  for (const CpuLibrary& cpu : cpu_libraries()) {
    if (cpu.lacking.empty())
      list.push_back({.name = cpu.name, .cpu = cpu.name, .bf16_products = cpu.bf16_products});
  }
  if (list.empty()) return list;
  const Variant best = list.back();
  const auto add = [&](const char* name, const auto& change) {
    Variant variant = best;
    variant.name = name;
    change(variant);
    list.push_back(std::move(variant));
  };
  add("f16", [](Variant& v) { v.cache = CacheTypes::both(Type::f16); });
  add("f16-prec-f32", [](Variant& v) {
    v.cache = CacheTypes::both(Type::f16);
    v.precision = Precision::f32;
  });
  add("bf16", [](Variant& v) { v.cache = CacheTypes::both(Type::bf16); });
  add("q8_0", [](Variant& v) { v.cache = CacheTypes::both(Type::q8_0); });
  add("q4_0", [](Variant& v) { v.cache = CacheTypes::both(Type::q4_0); });
  add("threads-2", [](Variant& v) { v.threads = 2; });
  return list;
}

// common/arg.cpp of llama.cpp, kv_cache_types.
constexpr std::array<std::pair<std::string_view, Type>, 9> kCacheTypes{{{"f32", Type::f32},
                                                                        {"f16", Type::f16},
                                                                        {"bf16", Type::bf16},
                                                                        {"q8_0", Type::q8_0},
                                                                        {"q4_0", Type::q4_0},
                                                                        {"q4_1", Type::q4_1},
                                                                        {"iq4_nl", Type::iq4_nl},
                                                                        {"q5_0", Type::q5_0},
                                                                        {"q5_1", Type::q5_1}}};

std::vector<Variant> make_cache_variants() {
  std::vector<Variant> list;
  const auto best = std::find_if(variants().begin(), variants().end(),
                                 [](const Variant& v) { return v.cache != CacheTypes{}; });
  if (best == variants().end()) return list;
  for (const auto& [k_name, k] : kCacheTypes) {
    for (const auto& [v_name, v] : kCacheTypes) {
      Variant variant = *best;
      variant.name = k == v ? std::string(k_name) : fmt::format("{}-{}", k_name, v_name);
      variant.cache = {k, v};
      const bool listed = std::any_of(variants().begin(), variants().end(),
                                      [&](const Variant& other) { return other.cache == variant.cache; });
      if (!listed) list.push_back(std::move(variant));
    }
  }
  return list;
}

}  // namespace

const std::vector<CpuLibrary>& cpu_libraries() {
  static const std::vector<CpuLibrary> list = detect();
  return list;
}

const std::vector<Variant>& variants() {
  static const std::vector<Variant> list = make_variants();
  return list;
}

const std::vector<Variant>& cache_variants() {
  static const std::vector<Variant> list = make_cache_variants();
  return list;
}

const Variant* find_variant(const std::string& name) {
  for (const std::vector<Variant>* list : {&variants(), &cache_variants()}) {
    const auto found =
        std::find_if(list->begin(), list->end(), [&](const Variant& each) { return each.name == name; });
    if (found != list->end()) return &*found;
  }
  return nullptr;
}

}  // namespace attest::kernel::ggml
