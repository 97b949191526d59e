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

namespace attest {

struct KernelInfo {
  std::string name;           ///< "onednn", "onnxruntime:mha", "libmine.so:my_attention"
  std::string version;        ///< as the library reports it; empty when it does not
  std::string contract;       ///< as declared; empty: none declared
  std::size_t alignment = 0;  ///< bytes that tensor data must be aligned to; 0: only element alignment
  /// A documented departure: the kernel has kv_lens as a mask, behind which it may read, so that NaN there
  /// may reach the output. The document that says so; empty: keys at and past kv_lens are none of its
  /// business.
  std::string kv_lens_by_mask = {};
  int threads = 1;  ///< that compute a call, as far as is known: what to leave free beside it
};

enum class RunStatus : std::uint8_t {
  ok,
  unsupported,  ///< declined; never a defect, but counted
  failed,       ///< returned another status than ok or unsupported
  crashed,      ///< the worker died
  timed_out,    ///< no answer within the time limit; the worker was killed
};

/// Where a tensor lies in the pages it has to itself; inaccessible pages precede and follow them.
enum class Placement : std::uint8_t {
  misaligned,  ///< at the declared (or else the element's) alignment and at no larger one
  page_end,    ///< as close before the inaccessible page that follows as the alignment allows
  page_begin,  ///< right after the inaccessible page that precedes
};

struct RunOptions {
  std::byte prefill{0xff};  ///< every byte of out and lse before the call; 0xff is NaN in every float format
  /// Every byte of the kernel's heap allocations and of the stack below the call before the kernel writes
  /// them, where that can be arranged: in a worker, on the calling thread's stack, with glibc's allocator.
  /// Not 0xff.
  std::byte fresh_memory{0xfe};
  bool measure_heap = false;  ///< costs some 100 microseconds a call
  std::chrono::milliseconds time_limit{10'000};
  Placement placement = Placement::misaligned;
  int threads = 0;  ///< 0: as many as the kernel takes; else a kernel that cannot be told declines
};

/// Accesses that the ABI forbids: writes seen after a call that returned ok, or what a worker died of.
enum class Trespass : std::uint8_t {
  none,
  input,    ///< an input changed, or a worker died of a write to one
  outside,  ///< memory beside a tensor changed, or a worker died of an access to it
};

/// Memory that one call used beside the tensors; absent where it was not measured.
struct MemoryUse {
  std::optional<std::uint64_t> stack_bytes;  ///< deepest byte of the calling thread's stack that changed
  std::optional<std::uint64_t> heap_bytes;   ///< growth of resident memory to its peak, in whole pages
};

struct RunOutcome {
  RunStatus status = RunStatus::ok;
  int code = 0;                        ///< the kernel's status when failed; the signal when crashed
  std::string detail;                  ///< one line for a person: "killed by signal 11 (Segmentation fault)"
  Result result;                       ///< valid when ok
  Trespass trespass = Trespass::none;  ///< detail says of which tensor
  MemoryUse memory;                    ///< when ok
  std::string environment;  ///< what the call changed of its process ("the rounding mode"); empty: nothing
  /// With unsupported: the problem was not put to the kernel, for its layout cannot be (see takes_layouts).
  /// It is not examined, rather than declined.
  bool not_put = false;
};

/// The user named something that cannot be opened: the message says what, why, and what would be right.
/// Exit 64.
struct KernelOpenError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Kernel {
 public:
  virtual ~Kernel() = default;
  virtual const KernelInfo& info() const = 0;
  /// Never throws because of the kernel: whatever it does is an outcome, and the next call works.
  virtual RunOutcome run(const Problem& problem, const RunOptions& options) = 0;
  /// Whether a problem's layout in memory reaches the kernel. Where it does not, tensors come packed, so that
  /// strides show nothing, and problems whose outputs are strided, whose inputs share an address or which
  /// reach far are not put to it (RunOutcome::not_put).
  virtual bool takes_layouts() const { return true; }
  /// The next call meets a process that no earlier call has been in, where the kernel has one of its own.
  virtual void forget() {}
  /// Whether starting is so slow that problems are better announced.
  virtual bool prefers_batches() const { return false; }
  /// Whether a process is started for each problem alone.
  virtual bool starts_for_each_call() const { return false; }
  /// Problems that are about to be run, some of them perhaps several times; replaces what was announced
  /// before.
  virtual void prefetch(const std::vector<Problem>& problems, std::chrono::milliseconds time_limit) {
    static_cast<void>(problems);
    static_cast<void>(time_limit);
  }
};

/// Expands what a user names into the kernels it stands for: "onnxruntime" into one spec an operator, a path
/// into itself. Throws KernelOpenError for an unknown name.
std::vector<std::string> expand_kernel_spec(const std::string& spec);

/// Kernels that a whole family ("ggml") would also stand for, were they available here, each with the reason
/// why not.
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

}  // namespace attest
