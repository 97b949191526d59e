#include "kernel/adapters/ggml/vulkan.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <system_error>
#include <thread>
#include <tuple>

#include <fmt/format.h>

#include "kernel/adapters/ggml/graph.hpp"
#include "kernel/adapters/ggml/inputs.hpp"

namespace attest::kernel::ggml {
namespace {

struct VulkanVariant {
  const char* name;
  Precision precision;
  bool half;               ///< 16-bit arithmetic where the device has it
  const char* arithmetic;  ///< of the contract; empty: nobody promises any
};

// "uses F32 accumulators" (ggml's ops.cpp) is taken at its word where GGML_PREC_F32 asks for them, and
// without 16-bit arithmetic there is no other.
constexpr std::array kVariants{VulkanVariant{"vulkan", Precision::standard, true, ""},
                               VulkanVariant{"vulkan-f32acc", Precision::f32, true, "f32"},
                               VulkanVariant{"vulkan-f32", Precision::standard, false, "f32"}};

// Each pair of a head dim and a type is a program that a software driver compiles for seconds: those that
// most models have.
constexpr std::array<std::int64_t, 2> kHeadDims{64, 128};

// What the Vulkan specification promises in single precision (appendix "Vulkan Environment for SPIR-V",
// "Precision and Operation of SPIR-V Instructions"): 3 + 2 |x| ulp of exp(x), and no weight below e^-87
// counts; 2.5 ulp of a quotient. Of tanh version 1.0 says nothing, later ones sinh / cosh, each half a
// difference or sum of two exponentials, which differs from 1 only up to |x| = 9.
constexpr const char* kFunctions =
    "exp_rel=2.2e-5;tanh_rel=1.1e-5;tanh_abs=1.1e-5;division=reciprocal;reciprocal_rel=2.4e-7";

std::string contract_of(const VulkanVariant& variant) {
  if (*variant.arithmetic == '\0') return "";
  return fmt::format("f32;{0}|flash-f16;probability=none;{0}", kFunctions);
}

// What decides which programs a call needs, roughly: a call with a new one may compile.
using Pipeline = std::tuple<Type, std::int64_t, int, int, bool, bool, bool, bool, bool>;

Pipeline pipeline_of(const Operands& o) {
  const auto width = [](std::int64_t n) {
    return static_cast<int>(std::bit_width(static_cast<std::uint64_t>(n)));
  };
  return {o.k.type,
          o.q.extents[0],
          width(o.q.extents[1]),
          width(o.q.extents[2] / o.k.extents[2]),
          o.mask.has_value(),
          o.sinks.has_value(),
          o.softcap != 0,
          o.max_bias != 0,
          o.k.extents[1] % 64 == 0};
}

// What the backend and the driver read when they are loaded; what the user says stays.
const VulkanVariant& prepared(const VulkanVariant& variant) {
  ::setenv("GGML_VK_VISIBLE_DEVICES", "0", 0);  // a CPU counts only where it is named
  ::setenv("MESA_SHADER_CACHE_DIR", ATTEST_CACHE_DIR "/mesa", 0);
  std::error_code none;  // Mesa compiles anew where it cannot be made
  std::filesystem::create_directories(ATTEST_CACHE_DIR "/mesa", none);
  if (!variant.half) ::setenv("GGML_VK_DISABLE_F16", "1", 1);
  return variant;
}

class VulkanAttention final : public Implementation {
 public:
  explicit VulkanAttention(const VulkanVariant& variant)
      : variant_(prepared(variant)), library_(load_vulkan(vulkan_folder())) {}

  KernelInfo info() const override {
    return {.name = fmt::format("ggml:{}", variant_.name),
            .version = library_.version,
            .contract = contract_of(variant_),
            .kv_lens_by_mask = "ggml.h: ggml_flash_attn_ext takes a mask and no lengths",
            .threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()))};
  }

  int forward(const attest_forward& problem) override {
    const auto operands = operands_of(problem, CacheTypes{}, library_.api);
    if (!operands || !has_program(*operands)) return ATTEST_UNSUPPORTED;
    const FlashAttention attention(library_, *operands, variant_.precision, Canaries::around);
    if (!attention.supported()) return ATTEST_UNSUPPORTED;
    if (compiled_.insert(pipeline_of(*operands)).second) compiles();
    const std::vector<float> result = attention.run();
    if (result.empty()) return kComputeFailed;
    store(result, operands->v.extents[0], *problem.out);
    if (const std::string what = attention.overwritten(); !what.empty()) {
      throw DeviceTrespass(what.starts_with("its input") ? Trespass::input : Trespass::outside,
                           "wrote to " + what);
    }
    return ATTEST_OK;
  }

 private:
  static bool has_program(const Operands& o) {
    return o.q.extents[0] == o.v.extents[0] && o.k.type == o.v.type &&
           std::find(kHeadDims.begin(), kHeadDims.end(), o.q.extents[0]) != kHeadDims.end();
  }

  const VulkanVariant& variant_;
  Library library_;
  std::set<Pipeline> compiled_;
};

}  // namespace

std::vector<std::string> vulkan_variants() {
  std::vector<std::string> names;
  for (const VulkanVariant& variant : kVariants) names.emplace_back(variant.name);
  return names;
}

std::unique_ptr<Implementation> open_vulkan(const std::string& name) {
  for (const VulkanVariant& variant : kVariants) {
    if (name == variant.name) return std::make_unique<VulkanAttention>(variant);
  }
  return nullptr;
}

}  // namespace attest::kernel::ggml
