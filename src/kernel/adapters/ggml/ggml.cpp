// ggml_flash_attn_ext, the attention of llama.cpp, behind the kernel ABI; one variant a CPU library, a type
// of the cache, a precision, or a number of threads.
#include <algorithm>
#include <cstring>
#include <type_traits>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "kernel/adapters/ggml/contract.hpp"
#include "kernel/adapters/ggml/forms.hpp"
#include "kernel/adapters/ggml/inputs.hpp"
#include "kernel/adapters/ggml/threads.hpp"
#include "kernel/adapters/ggml/variants.hpp"
#include "kernel/adapters/registry.hpp"

namespace attest::kernel {
namespace {

using ggml::Array;
using ggml::Operands;
using ggml::Tensor;
using ggml::Variant;

constexpr int kComputeFailed = 2;  // ggml_backend_graph_compute returned another status than success

// One graph of one operator, its tensors in memory of the backend.
class FlashAttention {
 public:
  FlashAttention(const ggml::Library& library, const Operands& operands, ggml::Precision precision)
      : api_(library.api),
        context_(api_.init({12 * api_.tensor_overhead() + api_.graph_overhead(), nullptr, true}), api_.free),
        q_(tensor(operands.q)),
        k_(tensor(operands.k)),
        v_(tensor(operands.v)),
        mask_(operands.mask ? tensor(*operands.mask) : nullptr),
        sinks_(operands.sinks ? tensor(*operands.sinks) : nullptr),
        out_(api_.flash_attn_ext(context_.get(), view(q_, operands.q), view(k_, operands.k),
                                 view(v_, operands.v), mask_, operands.scale, operands.max_bias,
                                 operands.softcap)) {
    api_.flash_attn_ext_set_prec(out_, static_cast<int>(precision));
    if (sinks_ != nullptr) api_.flash_attn_ext_add_sinks(out_, sinks_);
    graph_ = api_.new_graph(context_.get());
    api_.build_forward_expand(graph_, out_);
    buffer_.reset(api_.backend_alloc_ctx_tensors(context_.get(), library.backend));
    set(q_, operands.q);
    set(k_, operands.k);
    set(v_, operands.v);
    if (mask_ != nullptr) set(mask_, *operands.mask);
    if (sinks_ != nullptr) set(sinks_, *operands.sinks);
  }

  /// f32 [batch, q_len, heads, v_dim], row-major, dim padded as the operands were; empty on failure.
  std::vector<float> run(ggml::Backend* backend, const ggml::Threads& threads) const {
    std::vector<float> result(api_.nbytes(out_) / sizeof(float));
    // NaN in every element, so that one that is not written shows.
    std::memset(result.data(), 0xff, result.size() * sizeof(float));
    api_.backend_tensor_set(out_, result.data(), 0, result.size() * sizeof(float));
    {
      const ggml::Threads::Bound bound(threads);
      if (api_.backend_graph_compute(backend, graph_) != 0) return {};
    }
    api_.backend_tensor_get(out_, result.data(), 0, result.size() * sizeof(float));
    return result;
  }

 private:
  // What the operands lie in: a tensor of rows where they are a view of it.
  Tensor* tensor(const Array& array) {
    if (array.place)
      return api_.new_tensor_4d(context_.get(), static_cast<int>(array.type), array.extents[0],
                                array.place->room, 1, 1);
    return api_.new_tensor_4d(context_.get(), static_cast<int>(array.type), array.extents[0],
                              array.extents[1], array.extents[2], array.extents[3]);
  }
  Tensor* view(Tensor* whole, const Array& array) {
    if (!array.place) return whole;
    const auto& [room, first, next_row, next_head, next_batch] = *array.place;
    const std::size_t row = array.data.size() / static_cast<std::size_t>(room);
    const auto bytes = [row](std::int64_t rows) { return row * static_cast<std::size_t>(rows); };
    return api_.view_4d(context_.get(), whole, array.extents[0], array.extents[1], array.extents[2],
                        array.extents[3], bytes(next_row), bytes(next_head), bytes(next_batch), bytes(first));
  }
  void set(Tensor* to, const Array& from) const {
    api_.backend_tensor_set(to, from.data.data(), 0, from.data.size());
  }

  const ggml::Api& api_;
  std::unique_ptr<ggml::Context, void (*)(ggml::Context*)> context_;
  Tensor *q_, *k_, *v_, *mask_, *sinks_, *out_;
  ggml::Graph* graph_ = nullptr;
  std::unique_ptr<ggml::Buffer, void (*)(ggml::Buffer*)> buffer_{nullptr, api_.backend_buffer_free};
};

// From ggml's [batch, q_len, heads, channels] to the caller's strides.
void store(const std::vector<float>& result, std::int64_t channels, const DLTensor& out) {
  auto* base = static_cast<std::byte*>(out.data) + out.byte_offset;
  for (std::int64_t b = 0; b < out.shape[0]; ++b) {
    for (std::int64_t h = 0; h < out.shape[1]; ++h) {
      for (std::int64_t i = 0; i < out.shape[2]; ++i) {
        const float* from = result.data() + ((b * out.shape[2] + i) * out.shape[1] + h) * channels;
        const std::int64_t to = b * out.strides[0] + h * out.strides[1] + i * out.strides[2];
        for (std::int64_t c = 0; c < out.shape[3]; ++c) {
          std::memcpy(base + (to + c * out.strides[3]) * static_cast<std::int64_t>(sizeof(float)), from + c,
                      sizeof(float));
        }
      }
    }
  }
}

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
    const FlashAttention attention(library_, *operands, variant_.precision);
    const std::vector<float> result = attention.run(library_.backend, threads_);
    if (result.empty()) return kComputeFailed;
    store(result, operands->v.extents[0], *problem.out);
    return ATTEST_OK;
  }

  bool set_form(std::optional<std::size_t> form) override {
    if (form && *form >= ggml::forms().size()) return false;
    form_ = form ? &ggml::forms()[*form] : nullptr;
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

std::vector<std::string> form_names(const std::string& /*variant*/) {
  std::vector<std::string> names;
  for (const ggml::Form& form : ggml::forms()) names.push_back(name_of(form));
  return names;
}

Problem draw_in_form(const std::string& name, std::size_t form, Draw& draw) {
  const auto& variants = ggml::variants();
  const auto variant =
      std::find_if(variants.begin(), variants.end(), [&](const Variant& each) { return each.name == name; });
  const ggml::Type cache = variant == variants.end() ? ggml::Type::f32 : variant->cache;
  return ggml::draw_problem(ggml::forms().at(form), cache, draw);
}

std::unique_ptr<Implementation> open_ggml(const std::string& name) {
  for (const Variant& variant : ggml::variants()) {
    if (name == variant.name) return std::make_unique<GgmlAttention>(variant);
  }
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
  return family;
}

}  // namespace attest::kernel
