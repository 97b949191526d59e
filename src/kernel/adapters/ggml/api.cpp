#include "kernel/adapters/ggml/api.hpp"

#include <cstdlib>
#include <filesystem>
#include <string_view>

#include <dlfcn.h>
#include <fmt/format.h>

#include "kernel/adapters/npm_packages.hpp"
#include "kernel/kernel.hpp"
#include "kernel/unavailable.hpp"

namespace attest::kernel::ggml {
namespace {

// Its base library is in the same folder. The name contains the version of llama.cpp.
constexpr const char* kTopLibrary = "libggml.v0.5.0.so";
constexpr const char* kVulkanTopLibrary = "libggml.vulkan.v0.5.0.so";

// Resolves functions of a loaded library and of those it depends on.
class Resolver {
 public:
  Resolver(void* handle, const std::string& path) : handle_(handle), path_(path) {}

  template <class Function>
  void take(Function& function, const char* name) const {
    function = reinterpret_cast<Function>(dlsym(handle_, fmt::format("ggml_{}", name).c_str()));
    if (function == nullptr) throw KernelOpenError(fmt::format("{} has no function ggml_{}", path_, name));
  }

 private:
  void* handle_;
  const std::string& path_;
};

Api api_from(const Resolver& resolver) {
  Api api{};
  resolver.take(api.version, "version");
  resolver.take(api.commit, "commit");
  resolver.take(api.log_set, "log_set");
  resolver.take(api.init, "init");
  resolver.take(api.free, "free");
  resolver.take(api.tensor_overhead, "tensor_overhead");
  resolver.take(api.graph_overhead, "graph_overhead");
  resolver.take(api.new_tensor_4d, "new_tensor_4d");
  resolver.take(api.view_4d, "view_4d");
  resolver.take(api.nbytes, "nbytes");
  resolver.take(api.flash_attn_ext, "flash_attn_ext");
  resolver.take(api.flash_attn_ext_set_prec, "flash_attn_ext_set_prec");
  resolver.take(api.flash_attn_ext_add_sinks, "flash_attn_ext_add_sinks");
  resolver.take(api.new_graph, "new_graph");
  resolver.take(api.build_forward_expand, "build_forward_expand");
  resolver.take(api.quantize_chunk, "quantize_chunk");
  resolver.take(api.backend_load, "backend_load");
  resolver.take(api.backend_reg_dev_count, "backend_reg_dev_count");
  resolver.take(api.backend_reg_dev_get, "backend_reg_dev_get");
  resolver.take(api.backend_dev_description, "backend_dev_description");
  resolver.take(api.backend_reg_get_proc_address, "backend_reg_get_proc_address");
  resolver.take(api.backend_dev_init, "backend_dev_init");
  resolver.take(api.backend_alloc_ctx_tensors, "backend_alloc_ctx_tensors");
  resolver.take(api.backend_buffer_free, "backend_buffer_free");
  resolver.take(api.backend_tensor_set, "backend_tensor_set");
  resolver.take(api.backend_tensor_get, "backend_tensor_get");
  resolver.take(api.backend_supports_op, "backend_supports_op");
  resolver.take(api.backend_graph_compute, "backend_graph_compute");
  return api;
}

void discard(int /*level*/, const char* /*text*/, void* /*data*/) {}

// Adds what the Vulkan backend says of its device: "fp16: 1 | ... | warp size: 8 | ...".
void keep_device(int /*level*/, const char* text, void* data) {
  const std::string_view line = text;
  for (const std::string_view fact : {"fp16: ", "warp size: "}) {
    const std::size_t begin = line.find(fact);
    if (begin == std::string_view::npos) continue;
    const std::string_view rest = line.substr(begin);
    static_cast<std::string*>(data)->append(", ").append(rest.substr(0, rest.find(" |")));
  }
}

// Its assertions start a debugger to print where they failed, which a crash in a worker need not wait for.
void* load_top(const std::string& path) {
  ::setenv("GGML_NO_BACKTRACE", "1", 1);
  return dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
}

}  // namespace

std::string library_folder() {
  return adapters::npm_packages() + "/@node-llama-cpp/linux-x64/bins/linux-x64";
}

std::string vulkan_folder() {
  return adapters::npm_packages() +
         "/../gpu/node_modules/@node-llama-cpp/linux-x64-vulkan/bins/linux-x64-vulkan";
}

Library load_vulkan(const std::string& folder) {
  const std::string top = fmt::format("{}/{}", folder, kVulkanTopLibrary);
  if (!std::filesystem::exists(top))
    throw KernelUnavailable("the pinned GPU kernels are not installed; ./attest setup --gpu installs them");
  void* handle = load_top(top);
  if (handle == nullptr) throw KernelUnavailable(fmt::format("ggml cannot be loaded: {}", dlerror()));
  Library library{api_from(Resolver(handle, top)), {}, nullptr, nullptr};
  const Api& api = library.api;
  std::string facts;
  api.log_set(keep_device, &facts);
  Registry* registry = api.backend_load(fmt::format("{}/libggml-vulkan.so", folder).c_str());
  if (registry == nullptr)
    throw KernelUnavailable(
        "libvulkan.so.1 cannot be loaded; ./attest setup --gpu installs Vulkan for the CPU");
  if (api.backend_reg_dev_count(registry) == 0)
    throw KernelUnavailable("Vulkan finds no device; ./attest setup --gpu installs a driver for the CPU");
  Device* device = api.backend_reg_dev_get(registry, 0);
  library.backend = api.backend_dev_init(device, nullptr);
  api.log_set(discard, nullptr);
  if (library.backend == nullptr) throw KernelUnavailable("ggml starts no Vulkan backend");
  library.version =
      fmt::format("{} ({}), {}{}", api.version(), api.commit(), api.backend_dev_description(device), facts);
  return library;
}

Library load_library(const std::string& folder, const std::string& cpu) {
  const std::string top = fmt::format("{}/{}", folder, kTopLibrary);
  const std::string backend = fmt::format("{}/libggml-cpu-{}.so", folder, cpu);
  for (const std::string& path : {top, backend}) {
    if (std::filesystem::exists(path)) continue;
    throw KernelOpenError(adapters::missing_library("ggml", path));
  }
  void* handle = load_top(top);
  if (handle == nullptr) throw KernelOpenError(fmt::format("ggml cannot be loaded: {}", dlerror()));
  Library library{api_from(Resolver(handle, top)), {}, nullptr, nullptr};
  const Api& api = library.api;
  library.version = fmt::format("{} ({})", api.version(), api.commit());
  api.log_set(discard, nullptr);  // it reports each backend that it loads
  Registry* registry = api.backend_load(backend.c_str());
  if (registry == nullptr)
    throw KernelOpenError(
        fmt::format("ggml: {} does not load: this CPU lacks what it was compiled for", backend));
  library.backend = api.backend_dev_init(api.backend_reg_dev_get(registry, 0), nullptr);
  library.set_threads = reinterpret_cast<void (*)(Backend*, int)>(
      api.backend_reg_get_proc_address(registry, "ggml_backend_set_n_threads"));
  library.new_pool = reinterpret_cast<ThreadPool* (*)(ThreadPoolParams*)>(
      api.backend_reg_get_proc_address(registry, "ggml_threadpool_new"));
  library.set_pool = reinterpret_cast<void (*)(Backend*, ThreadPool*)>(
      api.backend_reg_get_proc_address(registry, "ggml_backend_cpu_set_threadpool"));
  if (library.backend == nullptr || library.set_threads == nullptr)
    throw KernelOpenError(fmt::format("ggml: {} starts no CPU backend", backend));
  return library;
}

}  // namespace attest::kernel::ggml
