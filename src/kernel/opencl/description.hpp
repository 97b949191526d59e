// How a kernel of a .cl file is called, as the comments "// attest: ..." of the file say (docs/gpu.md).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernel/opencl/expression.hpp"
#include "problem/dtype.hpp"

namespace attest::kernel::opencl {

/// What a pointer argument holds, packed in row-major order.
enum class Buffer : std::uint8_t { q, k, v, out, lse, bias, mask, alibi_slopes, sink, kv_lens, count };
inline constexpr std::size_t kBuffers = static_cast<std::size_t>(Buffer::count);
std::string_view name_of(Buffer buffer);

enum class ScalarType : std::uint8_t { i32, u32, i64, u64, f32, f64 };

struct Argument {
  enum class Kind : std::uint8_t {
    buffer,
    local,    ///< so many bytes of local memory
    scratch,  ///< so many bytes of global memory, of the kernel's own
    integer,
    scale,
    softcap,
  };
  Kind kind = Kind::buffer;
  Buffer buffer = Buffer::q;
  ScalarType type = ScalarType::i32;  ///< of integer, scale and softcap
  Expression value{};                 ///< of an integer; the bytes of local and scratch
};

struct Define {
  std::string name;
  Expression value;
};

struct KernelDescription {
  std::string name;
  std::vector<DType> types{DType::f32};  ///< of q, k, v and out
  std::vector<Argument> arguments{};
  std::vector<Expression> global{}, local{};  ///< one to three extents each; no local: the driver chooses
  std::vector<Expression> conditions{};       ///< problems for which one is 0 are declined
  std::vector<Define> defines{};              ///< macros of the program, so that extents are constants in it
  std::string contract{};

  bool takes(Buffer buffer) const;
  bool takes(Argument::Kind kind) const;
  /// An argument, a macro or a condition names it.
  bool knows(Variable variable) const;
};

/// The message begins with the line: "line 3: unknown name 'q_length'".
struct DescriptionError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A file has at most so many bytes, and describes at most so many kernels.
inline constexpr std::size_t kLongestSource = std::size_t{1} << 20;
inline constexpr std::size_t kMostKernels = 64;

/// The kernels that a file describes, in its order. Throws DescriptionError.
std::vector<KernelDescription> parse_descriptions(std::string_view source);

}  // namespace attest::kernel::opencl
