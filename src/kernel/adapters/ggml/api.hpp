// The few functions of ggml's C API that the adapter calls, resolved from its shared libraries at run time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace attest::kernel::ggml {

// Objects of the library, only ever held by pointer.
struct Context;
struct Tensor;
struct Graph;
struct Backend;
struct ThreadPool;
struct ThreadPoolParams;
struct Buffer;
struct Registry;
struct Device;

/// Codes of ggml_type.
enum class Type : int {
  f32 = 0,
  f16 = 1,
  q4_0 = 2,
  q4_1 = 3,
  q5_0 = 6,
  q5_1 = 7,
  q8_0 = 8,
  iq4_nl = 20,
  bf16 = 30,
};

/// What K and V are stored in.
struct CacheTypes {
  Type k = Type::f32, v = Type::f32;

  static CacheTypes both(Type type) { return {type, type}; }
  bool operator==(const CacheTypes&) const = default;
};

/// Codes of ggml_prec.
enum class Precision : int { standard = 0, f32 = 10 };

/// ggml_init_params, passed by value.
struct InitParams {
  std::size_t mem_size;
  void* mem_buffer;
  bool no_alloc;
};

/// The functions, by the names they have in ggml.h and ggml-backend.h without the prefix "ggml_".
struct Api {
  const char* (*version)();
  const char* (*commit)();
  void (*log_set)(void (*callback)(int level, const char* text, void* data), void* data);
  Context* (*init)(InitParams);
  void (*free)(Context*);
  std::size_t (*tensor_overhead)();
  std::size_t (*graph_overhead)();
  Tensor* (*new_tensor_4d)(Context*, int type, std::int64_t ne0, std::int64_t ne1, std::int64_t ne2,
                           std::int64_t ne3);
  Tensor* (*view_4d)(Context*, Tensor*, std::int64_t ne0, std::int64_t ne1, std::int64_t ne2,
                     std::int64_t ne3, std::size_t nb1, std::size_t nb2, std::size_t nb3, std::size_t offset);
  std::size_t (*nbytes)(const Tensor*);
  Tensor* (*flash_attn_ext)(Context*, Tensor* q, Tensor* k, Tensor* v, Tensor* mask, float scale,
                            float max_bias, float logit_softcap);
  void (*flash_attn_ext_set_prec)(Tensor*, int precision);
  void (*flash_attn_ext_add_sinks)(Tensor*, Tensor* sinks);
  Graph* (*new_graph)(Context*);
  void (*build_forward_expand)(Graph*, Tensor*);
  std::size_t (*quantize_chunk)(int type, const float* from, void* to, std::int64_t start, std::int64_t rows,
                                std::int64_t row_elements, const float* importance);
  Registry* (*backend_load)(const char* path);
  std::size_t (*backend_reg_dev_count)(Registry*);
  Device* (*backend_reg_dev_get)(Registry*, std::size_t index);
  const char* (*backend_dev_description)(Device*);
  void* (*backend_reg_get_proc_address)(Registry*, const char* name);
  Backend* (*backend_dev_init)(Device*, const char* parameters);
  Buffer* (*backend_alloc_ctx_tensors)(Context*, Backend*);
  void (*backend_buffer_free)(Buffer*);
  void (*backend_tensor_set)(Tensor*, const void* from, std::size_t offset, std::size_t bytes);
  void (*backend_tensor_get)(const Tensor*, void* to, std::size_t offset, std::size_t bytes);
  bool (*backend_supports_op)(Backend*, const Tensor*);
  int (*backend_graph_compute)(Backend*, Graph*);
};

/// The libraries with one backend, one a process; they are never unloaded.
struct Library {
  Api api{};
  std::string version;  ///< "0.25.1 (0ad4a86)"
  Backend* backend = nullptr;
  void (*set_threads)(Backend*, int threads) = nullptr;  ///< of a CPU
  ThreadPool* (*new_pool)(ThreadPoolParams*) = nullptr;  ///< null where the library has none
  void (*set_pool)(Backend*, ThreadPool*) = nullptr;
};

/// Where the package's libraries are looked for: under ATTEST_KERNELS_DIR (a node_modules directory), from
/// the environment, else from the build.
std::string library_folder();

/// Where ./attest setup --gpu puts the package with the Vulkan backend: gpu/node_modules beside the folder
/// above.
std::string vulkan_folder();

/// Loads the Vulkan backend of a folder for its first device. The variables that ggml and the driver read are
/// set before. Throws KernelUnavailable.
Library load_vulkan(const std::string& folder);

/// Loads the backend "libggml-cpu-CPU.so" of a folder. Throws KernelOpenError when the package is not
/// installed, is not the version this adapter knows, or the CPU lacks what the backend was compiled for.
Library load_library(const std::string& folder, const std::string& cpu);

}  // namespace attest::kernel::ggml
