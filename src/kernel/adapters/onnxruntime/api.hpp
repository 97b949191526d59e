// The few functions of ONNX Runtime's C API that the adapter calls, resolved from the shared library at run
// time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace attest::kernel::onnxruntime {

// Objects of the library, only ever held by pointer.
struct Status;
struct Env;
struct SessionHandle;
struct SessionOptions;
struct RunOptions;
struct Value;
struct MemoryInfo;

/// ONNX's element type codes (TensorProto.DataType), which the C API shares.
enum class Element : int { f32 = 1, i32 = 6, i64 = 7, boolean = 9, f16 = 10, f64 = 11, bf16 = 16 };

/// Status codes of the C API that the adapter tells apart.
enum class ErrorCode : int { not_implemented = 9 };

/// A call that the library refused, with its own message.
struct Error : std::runtime_error {
  Error(int status, const std::string& message) : std::runtime_error(message), code(status) {}
  bool unsupported() const { return code == static_cast<int>(ErrorCode::not_implemented); }
  /// Not the adapter's own, of an output that is not what it must be.
  bool from_library() const { return code >= 0; }
  int code;
};

/// The functions, by the slot they have in OrtApi: a table that versions of the library only append to, so
/// that version 12's prefix is valid in every later one.
struct Api {
  int (*error_code)(const Status*);
  const char* (*error_message)(const Status*);
  void (*release_status)(Status*);
  Status* (*create_env)(int log_severity, const char* log_id, Env** out);
  Status* (*create_session_options)(SessionOptions** out);
  Status* (*set_optimization_level)(SessionOptions*, int level);
  Status* (*set_intra_op_threads)(SessionOptions*, int threads);
  void (*release_session_options)(SessionOptions*);
  Status* (*create_session)(const Env*, const void* model, std::size_t bytes, const SessionOptions*,
                            SessionHandle** out);
  void (*release_session)(SessionHandle*);
  Status* (*create_cpu_memory_info)(int allocator, int memory, MemoryInfo** out);
  Status* (*create_tensor)(const MemoryInfo*, void* data, std::size_t bytes, const std::int64_t* shape,
                           std::size_t rank, int element, Value** out);
  void (*release_value)(Value*);
  Status* (*run)(SessionHandle*, const RunOptions*, const char* const* input_names,
                 const Value* const* inputs, std::size_t input_count, const char* const* output_names,
                 std::size_t output_count, Value** outputs);
};

/// The loaded library with its environment, one a process; it is never unloaded.
struct Library {
  Api api{};
  std::string version;  ///< as the library reports it, "1.30.0"
  Env* env = nullptr;
  MemoryInfo* cpu = nullptr;

  /// Throws Error when `status` is one.
  void check(Status* status) const;
};

/// Where the library is looked for: under ATTEST_KERNELS_DIR (a node_modules directory), from the
/// environment, else from the build.
std::string library_path();

/// Throws KernelOpenError when there is no such file (the package is not installed) or it cannot be used.
Library load_library(const std::string& path);

/// The one at library_path(), loaded on first use. Throws as load_library.
const Library& library();

}  // namespace attest::kernel::onnxruntime
