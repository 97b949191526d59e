#include "kernel/adapters/onnxruntime/api.hpp"

#include <cstdlib>
#include <filesystem>

#include <dlfcn.h>
#include <fmt/format.h>

#include "kernel/adapters/npm_packages.hpp"
#include "kernel/kernel.hpp"

namespace attest::kernel::onnxruntime {
namespace {

#ifdef __aarch64__
constexpr const char* kArchitecture = "arm64";
#else
constexpr const char* kArchitecture = "x64";
#endif

constexpr std::uint32_t kApiVersion = 12;
constexpr int kLogFatal = 4;  // errors come back as statuses
constexpr int kDeviceAllocator = 0;
constexpr int kDefaultMemory = 0;

// OrtApiBase, the one exported entry point's result.
struct ApiBase {
  const void* (*get_api)(std::uint32_t version);
  const char* (*get_version)();
};

template <class Function>
void take(Function& function, const void* table, std::size_t slot) {
  function = reinterpret_cast<Function>(static_cast<void* const*>(table)[slot]);
}

Api api_from(const void* table) {
  Api api{};
  take(api.error_code, table, 1);
  take(api.error_message, table, 2);
  take(api.create_env, table, 3);
  take(api.create_session, table, 8);
  take(api.run, table, 9);
  take(api.create_session_options, table, 10);
  take(api.set_optimization_level, table, 23);
  take(api.set_intra_op_threads, table, 24);
  take(api.create_tensor, table, 49);
  take(api.create_cpu_memory_info, table, 69);
  take(api.release_status, table, 93);
  take(api.release_session, table, 95);
  take(api.release_value, table, 96);
  take(api.release_session_options, table, 100);
  return api;
}

}  // namespace

void Library::check(Status* status) const {
  if (status == nullptr) return;
  const Error error(api.error_code(status), api.error_message(status));
  api.release_status(status);
  throw error;
}

std::string library_path() {
  return fmt::format("{}/onnxruntime-node/bin/napi-v6/linux/{}/libonnxruntime.so.1", adapters::npm_packages(),
                     kArchitecture);
}

Library load_library(const std::string& path) {
  if (!std::filesystem::exists(path)) throw KernelOpenError(adapters::missing_library("onnxruntime", path));
  // Its telemetry sends from a thread of its own, which sets a signal handler now and then.
  ::setenv("ORT_DISABLE_TELEMETRY", "1", 1);
  void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) throw KernelOpenError(fmt::format("onnxruntime cannot be loaded: {}", dlerror()));
  const auto entry = reinterpret_cast<const ApiBase* (*)()>(dlsym(handle, "OrtGetApiBase"));
  const void* table = entry == nullptr ? nullptr : entry()->get_api(kApiVersion);
  if (table == nullptr) {
    throw KernelOpenError(
        fmt::format("{} does not offer version {} of ONNX Runtime's C API", path, kApiVersion));
  }
  Library library{api_from(table), entry()->get_version()};
  try {
    library.check(library.api.create_env(kLogFatal, "attest", &library.env));
    library.check(library.api.create_cpu_memory_info(kDeviceAllocator, kDefaultMemory, &library.cpu));
  } catch (const Error& error) {
    throw KernelOpenError(fmt::format("onnxruntime cannot start: {}", error.what()));
  }
  return library;
}

const Library& library() {
  static const Library loaded = load_library(library_path());
  return loaded;
}

}  // namespace attest::kernel::onnxruntime
