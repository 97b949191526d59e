// A kernel under test, as the rest of attest sees it: something that runs problems and may misbehave.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "problem/problem.hpp"

namespace attest::kernel {

struct KernelInfo {
  std::string name;           ///< "onednn", "onnxruntime:mha", "libmine.so:my_attention"
  std::string version;        ///< as the library reports it; empty: not reported
  std::string contract;       ///< as declared by the kernel; empty: not declared
  std::size_t alignment = 0;  ///< bytes that tensor data must be aligned to; 0: only element alignment
  /// The document that says that the kernel treats kv_lens as a mask, so that it may read past them and NaN
  /// there may reach the output. Empty: there is none, and the kernel must not read keys at and past kv_lens.
  std::string kv_lens_by_mask = {};
  int threads = 1;  ///< threads that compute a call, as far as is known; other work should leave them free
  /// What loading the kernel changed of its process, as RunOutcome::environment says it; empty: nothing.
  std::string loading = {};
  /// Loading switched flush-to-zero on, as libraries built with -ffast-math do. Its calls run in that state.
  bool loading_flushes = false;
  /// Why the kernel's process runs without a filter of system calls; empty: it has one, or no process.
  std::string unconfined = {};
};

enum class RunStatus : std::uint8_t {
  ok,
  unsupported,  ///< declined; never a defect, but counted
  failed,       ///< returned a status other than ok and unsupported
  crashed,      ///< the worker died
  timed_out,    ///< no answer within the time limit; the worker was killed
};

/// Where a tensor lies within its own pages. Inaccessible pages precede and follow them.
enum class Placement : std::uint8_t {
  misaligned,  ///< at the declared alignment (default: the element's) and at no larger one
  page_end,    ///< directly before the inaccessible page that follows, as far as the alignment allows
  page_begin,  ///< directly after the inaccessible page that precedes
};

struct RunOptions {
  std::byte prefill{0xff};  ///< every byte of out and lse before the call; 0xff is NaN in every float format
  /// The byte that fills the kernel's heap allocations, and the stack below the call, before the kernel
  /// writes them. Works in a worker, for the calling thread's stack and glibc's allocator. Must not be 0xff.
  std::byte fresh_memory{0xfe};
  bool measure_heap = false;  ///< costs about 100 microseconds per call
  bool measure_held = false;  ///< costs about 50 microseconds per call
  std::chrono::milliseconds time_limit{10'000};
  Placement placement = Placement::misaligned;
  int threads = 0;  ///< 0: the kernel's own choice; otherwise a kernel whose threads cannot be set declines
};

/// Accesses that the ABI forbids: writes found after a call that returned ok, or the access that ended a
/// worker.
enum class Trespass : std::uint8_t {
  none,
  input,    ///< an input changed, or a worker died of a write to one
  outside,  ///< memory outside a tensor changed, or a worker died of an access to it
};

/// Memory that one call used in addition to the tensors; absent: not measured.
struct MemoryUse {
  std::optional<std::uint64_t> stack_bytes;  ///< deepest byte of the calling thread's stack that changed
  std::optional<std::uint64_t> heap_bytes;   ///< growth of resident memory to its peak, in whole pages
};

/// What the kernel's process holds after a call.
struct Held {
  std::uint64_t heap_bytes = 0;    ///< allocated and not freed
  std::uint64_t mapped_bytes = 0;  ///< address space
  std::uint64_t descriptors = 0;
  std::uint64_t threads = 0;
};

/// Where a signal ended a kernel.
struct CrashSite {
  std::optional<std::uint64_t> address;  ///< that it accessed; none: the signal has none
  /// Its calls, the innermost first: "dot+0x1f (libmine.so+0x11f9)". Empty: not known.
  std::vector<std::string> calls;
  /// The innermost function that does not belong to the C or C++ runtime: "dot"; empty: not known.
  std::string function;
};

struct RunOutcome {
  RunStatus status = RunStatus::ok;
  int code = 0;                        ///< the kernel's status when failed; the signal when crashed
  std::string detail;                  ///< one line for a person: "killed by signal 11 (Segmentation fault)"
  Result result;                       ///< valid if status is ok
  Trespass trespass = Trespass::none;  ///< detail says of which tensor
  CrashSite crash;                     ///< when crashed, in a process that attest started
  /// What the call printed last: at most 20 lines of at most 200 characters, without control characters.
  std::vector<std::string> printed;
  MemoryUse memory;  ///< when ok
  /// What the call did to its process, as clauses without a subject: "changes the rounding mode". Empty:
  /// nothing.
  std::string environment;
  std::optional<Held> held;  ///< if options.measure_held, and the kernel has a process of its own
  /// With unsupported: the problem never reached the kernel, because its layout cannot be passed on (see
  /// takes_layouts). It counts as not examined, not as declined.
  bool not_put = false;
};

/// The user named a kernel that cannot be opened. The message says what, why, and what would be valid. Exit
/// 64.
struct KernelOpenError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Kernel {
 public:
  virtual ~Kernel() = default;
  virtual const KernelInfo& info() const = 0;
  /// Never throws because of the kernel. Whatever the kernel does is an outcome, and the next call works.
  virtual RunOutcome run(const Problem& problem, const RunOptions& options) = 0;
  /// Whether a problem's memory layout reaches the kernel. If false, tensors arrive packed, so strides test
  /// nothing. Problems with strided outputs, inputs at one address or far offsets are then not run
  /// (RunOutcome::not_put).
  virtual bool takes_layouts() const { return true; }
  /// The next call runs in a new process, if the kernel has a process of its own.
  virtual void forget() {}
  /// Whether the kernel starts so slowly that problems should be announced by prefetch.
  virtual bool prefers_batches() const { return false; }
  /// Whether each problem starts a process of its own.
  virtual bool starts_for_each_call() const { return false; }
  /// Announces problems that will run next, some perhaps several times. Replaces earlier announcements.
  virtual void prefetch(const std::vector<Problem>& problems, std::chrono::milliseconds time_limit) {
    static_cast<void>(problems);
    static_cast<void>(time_limit);
  }
};

/// Expands a name into the kernels it stands for: "onnxruntime" into one spec per operator, a path into
/// itself. Throws KernelOpenError for an unknown name.
std::vector<std::string> expand_kernel_spec(const std::string& spec);

/// Kernels of a whole family ("ggml") that are not available on this machine, each with the reason.
struct UnavailableVariant {
  std::string name, why;
};
std::vector<UnavailableVariant> unavailable_kernels(const std::string& spec);

/// Opens one expanded spec ("onednn", "onnxruntime:mha", "./libmine.so[:symbol]") in a worker process.
/// Throws KernelOpenError.
std::unique_ptr<Kernel> open_kernel(const std::string& spec);

/// Entry point of the worker process; main() calls it when argv[1] is kWorkerArgument. Returns its exit code.
inline constexpr const char* kWorkerArgument = "--attest-worker";
int worker_main(int argc, char** argv);

}  // namespace attest::kernel
