// A graph of ggml_flash_attn_ext, its tensors in memory of a backend.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "attest/kernel.h"
#include "kernel/adapters/ggml/inputs.hpp"
#include "kernel/adapters/ggml/variants.hpp"

namespace attest::kernel::ggml {

/// ggml_backend_graph_compute returned another status than success.
inline constexpr int kComputeFailed = 2;

/// On a device no page guards a tensor, so that one of NaN follows and precedes each.
enum class Canaries : bool { none, around };

class FlashAttention {
 public:
  FlashAttention(const Library& library, const Operands& operands, Precision precision, Canaries canaries);

  /// f32 [batch, q_len, heads, v_dim], row-major, dim padded as the operands were; empty on failure.
  std::vector<float> run() const;
  /// What it wrote to besides its output, after run(): "a canary after k", "its input v"; empty: nothing.
  /// Without canaries nothing is known.
  std::string overwritten() const;
  /// Whether the backend computes it. Before run(); otherwise a backend may end the process.
  bool supported() const { return library_.api.backend_supports_op(library_.backend, out_); }

 private:
  struct Input {
    const char* name;
    const Array* array;
    Tensor* tensor;
  };
  Tensor* tensor(const char* name, const Array& array);
  Tensor* view(Tensor* whole, const Array& array) const;
  Tensor* first_channels(Tensor* k, const Operands& operands) const;
  void add_canary(const char* after);
  bool holds(const Tensor* tensor, const std::vector<std::byte>& bytes) const;

  const Library& library_;
  Canaries canaries_;
  std::unique_ptr<Context, void (*)(Context*)> context_;
  std::vector<Input> inputs_;
  std::vector<std::pair<const char*, Tensor*>> guards_;  ///< each after the tensor of this name
  Tensor* out_ = nullptr;
  Graph* graph_ = nullptr;
  std::unique_ptr<Buffer, void (*)(Buffer*)> buffer_;
};

/// From ggml's [batch, q_len, heads, channels] to the caller's strides.
void store(const std::vector<float>& result, std::int64_t channels, const DLTensor& out);

}  // namespace attest::kernel::ggml
