#include "kernel/adapters/ggml/graph.hpp"

#include <algorithm>
#include <cstring>

#include "problem/tensor.hpp"

namespace attest::kernel::ggml {
namespace {

constexpr std::size_t kMostTensors = 20;    // five inputs, three views, the output, and what guards them
constexpr std::int64_t kCanaryFloats = 64;  // of a tensor that guards others

}  // namespace

FlashAttention::FlashAttention(const Library& library, const Operands& operands, Precision precision,
                               Canaries canaries)
    : library_(library),
      canaries_(canaries),
      context_(library.api.init({kMostTensors * library.api.tensor_overhead() + library.api.graph_overhead(),
                                 nullptr, true}),
               library.api.free),
      buffer_(nullptr, library.api.backend_buffer_free) {
  const Api& api = library_.api;
  add_canary("nothing");
  Tensor* q = tensor("q", operands.q);
  Tensor* k = tensor("k", operands.k);
  Tensor* v = operands.v_in_k ? nullptr : tensor("v", operands.v);
  Tensor* mask = operands.mask ? tensor("mask", *operands.mask) : nullptr;
  Tensor* sinks = operands.sinks ? tensor("sink", *operands.sinks) : nullptr;
  out_ = api.flash_attn_ext(context_.get(), view(q, operands.q), view(k, operands.k),
                            v == nullptr ? first_channels(k, operands) : view(v, operands.v), mask,
                            operands.scale, operands.max_bias, operands.softcap);
  add_canary("out");
  api.flash_attn_ext_set_prec(out_, static_cast<int>(precision));
  if (sinks != nullptr) api.flash_attn_ext_add_sinks(out_, sinks);
  graph_ = api.new_graph(context_.get());
  api.build_forward_expand(graph_, out_);
  buffer_.reset(api.backend_alloc_ctx_tensors(context_.get(), library.backend));
  for (const Input& input : inputs_)
    api.backend_tensor_set(input.tensor, input.array->data.data(), 0, input.array->data.size());
  const std::vector<std::byte> nan(kCanaryFloats * sizeof(float), kPoison);
  for (const auto& [name, guard] : guards_) api.backend_tensor_set(guard, nan.data(), 0, nan.size());
}

std::vector<float> FlashAttention::run() const {
  const Api& api = library_.api;
  std::vector<float> result(api.nbytes(out_) / sizeof(float));
  // NaN in every element, so that one that is not written shows.
  std::memset(result.data(), 0xff, result.size() * sizeof(float));
  api.backend_tensor_set(out_, result.data(), 0, result.size() * sizeof(float));
  if (api.backend_graph_compute(library_.backend, graph_) != 0) return {};
  api.backend_tensor_get(out_, result.data(), 0, result.size() * sizeof(float));
  return result;
}

std::string FlashAttention::overwritten() const {
  if (canaries_ == Canaries::none) return "";
  const std::vector<std::byte> nan(kCanaryFloats * sizeof(float), kPoison);
  for (const auto& [name, guard] : guards_) {
    if (!holds(guard, nan)) return std::string("the memory after ") + name;
  }
  for (const Input& input : inputs_) {
    if (!holds(input.tensor, input.array->data)) return std::string("its input ") + input.name;
  }
  return "";
}

bool FlashAttention::holds(const Tensor* tensor, const std::vector<std::byte>& bytes) const {
  std::vector<std::byte> now(bytes.size());
  library_.api.backend_tensor_get(tensor, now.data(), 0, now.size());
  return now == bytes;
}

void FlashAttention::add_canary(const char* after) {
  if (canaries_ == Canaries::none) return;
  guards_.emplace_back(
      after, library_.api.new_tensor_4d(context_.get(), static_cast<int>(Type::f32), kCanaryFloats, 1, 1, 1));
}

// Tensors lie in memory in the order in which they are made. Where an operand is a view, this is what it lies
// in: a tensor of rows.
Tensor* FlashAttention::tensor(const char* name, const Array& array) {
  const int type = static_cast<int>(array.type);
  Tensor* made =
      array.place
          ? library_.api.new_tensor_4d(context_.get(), type, array.extents[0], array.place->room, 1, 1)
          : library_.api.new_tensor_4d(context_.get(), type, array.extents[0], array.extents[1],
                                       array.extents[2], array.extents[3]);
  inputs_.push_back({name, &array, made});
  add_canary(name);
  return made;
}

Tensor* FlashAttention::view(Tensor* whole, const Array& array) const {
  if (!array.place) return whole;
  const auto& [room, first, next_row, next_head, next_batch] = *array.place;
  const std::size_t row = array.data.size() / static_cast<std::size_t>(room);
  const auto bytes = [row](std::int64_t rows) { return row * static_cast<std::size_t>(rows); };
  return library_.api.view_4d(context_.get(), whole, array.extents[0], array.extents[1], array.extents[2],
                              array.extents[3], bytes(next_row), bytes(next_head), bytes(next_batch),
                              bytes(first));
}

Tensor* FlashAttention::first_channels(Tensor* k, const Operands& operands) const {
  const auto& [channels, rows, heads, batches] = operands.v.extents;
  const std::int64_t all = operands.k.extents[1] * operands.k.extents[2] * operands.k.extents[3];
  const std::size_t row = operands.k.data.size() / static_cast<std::size_t>(all);
  const std::size_t head = row * static_cast<std::size_t>(rows);
  return library_.api.view_4d(context_.get(), k, channels, rows, heads, batches, row, head,
                              head * static_cast<std::size_t>(heads), 0);
}

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

}  // namespace attest::kernel::ggml
