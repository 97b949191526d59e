// ggml_flash_attn_ext, the attention of llama.cpp, behind the kernel ABI; one variant a CPU library, the
// types of a cache, a precision, or a number of threads.
#include <utility>

#include <fmt/format.h>

#include "kernel/adapters/ggml/contract.hpp"
#include "kernel/adapters/ggml/forms.hpp"
#include "kernel/adapters/ggml/graph.hpp"
#include "kernel/adapters/ggml/inputs.hpp"
#include "kernel/adapters/ggml/threads.hpp"
#include "kernel/adapters/ggml/variants.hpp"
#include "kernel/adapters/ggml/vulkan.hpp"
#include "kernel/adapters/registry.hpp"

namespace attest::kernel {
namespace {

using ggml::Variant;

class GgmlAttention final : public Implementation {
 public:
  explicit GgmlAttention(const Variant& variant)
      : variant_(variant),
        library_(ggml::load_library(ggml::library_folder(), variant.cpu)),
        threads_(library_) {
    set_threads(0);
  }

  KernelInfo info() const override {
    return {"ggml:" + variant_.name,
            library_.version,
            ggml::contract_of(variant_),
            0,
            "ggml.h: ggml_flash_attn_ext takes a mask and no lengths",
            variant_.threads};
  }

  int forward(const attest_forward& problem) override {
    auto operands = ggml::operands_of(problem, variant_.cache, library_.api);
    if (operands && form_ != nullptr) operands = ggml::in_form(*form_, std::move(*operands));
    if (!operands) return ATTEST_UNSUPPORTED;
    const ggml::FlashAttention attention(library_, *operands, variant_.precision, ggml::Canaries::none);
    const ggml::Threads::Bound bound(threads_);
    const std::vector<float> result = attention.run();
    if (result.empty()) return ggml::kComputeFailed;
    ggml::store(result, operands->v.extents[0], *problem.out);
    return ATTEST_OK;
  }

  bool set_form(std::optional<std::size_t> form) override {
    const std::vector<ggml::Form>& all = ggml::forms(variant_.cache);
    if (form && *form >= all.size()) return false;
    form_ = form ? &all[*form] : nullptr;
    return true;
  }

  bool set_threads(int threads) final {
    threads_.set(threads > 0 ? threads : variant_.threads);
    return true;
  }

 private:
  const Variant& variant_;
  ggml::Library library_;
  ggml::Threads threads_;
  const ggml::Form* form_ = nullptr;  ///< of later calls; null: dense tensors
};

ggml::CacheTypes cache_of(const std::string& name) {
  const Variant* variant = ggml::find_variant(name);
  return variant == nullptr ? ggml::CacheTypes{} : variant->cache;
}

std::vector<std::string> form_names(const std::string& variant) {
  std::vector<std::string> names;
  for (const ggml::Form& form : ggml::forms(cache_of(variant))) names.push_back(name_of(form));
  return names;
}

Problem draw_in_form(const std::string& name, std::size_t form, Draw& draw) {
  const ggml::CacheTypes cache = cache_of(name);
  return ggml::draw_problem(ggml::forms(cache).at(form), cache, draw);
}

std::unique_ptr<Implementation> open_ggml(const std::string& name) {
  if (const Variant* variant = ggml::find_variant(name)) return std::make_unique<GgmlAttention>(*variant);
  if (auto vulkan = ggml::open_vulkan(name)) return vulkan;
  throw KernelOpenError(fmt::format("ggml has no variant '{}'", name));
}

}  // namespace

AdapterFamily ggml_adapter() {
  AdapterFamily family{
      "ggml", {}, "ggml_flash_attn_ext of llama.cpp (npm @node-llama-cpp/linux-x64), on the CPU", open_ggml};
  family.forms = {.names = form_names, .draw = draw_in_form, .output = nullptr};
  for (const Variant& variant : ggml::variants()) family.variants.push_back(variant.name);
  for (const ggml::CpuLibrary& cpu : ggml::cpu_libraries()) {
    if (!cpu.lacking.empty()) family.unavailable.push_back({cpu.name, "this CPU lacks " + cpu.lacking});
  }
  for (const Variant& variant : ggml::cache_variants()) family.named_variants.push_back(variant.name);
  family.device_variants = ggml::vulkan_variants();
  return family;
}

}  // namespace attest::kernel
