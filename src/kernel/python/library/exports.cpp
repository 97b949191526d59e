// libattest_python.so: what python/attest/_worker.py calls through ctypes to be a worker of attest. The
// protocol, the memory and the confinement are those of every worker; only the call itself is Python.
#include <memory>
#include <stdexcept>
#include <string>

#include "kernel/worker/host.hpp"

namespace attest::kernel {
namespace {

// What the interpreter says of the kernel and of the last call.
KernelInfo described;
std::string reason;

// What the forward callback returns where the function raised an exception.
constexpr int kRaised = -1;

class PythonFunction final : public Implementation {
 public:
  PythonFunction(int (*call)(const attest_forward*), int (*threads)(int))
      : forward_(call), threads_(threads) {}

  KernelInfo info() const override { return described; }

  int forward(const attest_forward& problem) override {
    const int status = forward_(&problem);
    if (status == kRaised) throw std::runtime_error(reason);
    return status;
  }

  bool set_threads(int threads) override { return threads_(threads) == 1; }

 private:
  int (*forward_)(const attest_forward*);
  int (*threads_)(int);
};

}  // namespace

extern "C" {

/// To be called by open: what is known of the kernel.
[[gnu::visibility("default")]] void attest_python_describe(const char* name, const char* version,
                                                           const char* contract, const char* kv_lens_by_mask,
                                                           int threads) {
  described.name = name;
  described.version = version;
  described.contract = contract;
  described.kv_lens_by_mask = kv_lens_by_mask;
  described.threads = threads;
}

/// Why open failed, or the exception that a call raised.
[[gnu::visibility("default")]] void attest_python_fail(const char* why) { reason = why; }

/// Serves until the tool has no more calls, and ends the process. open returns 1 if it could open the kernel,
/// forward a status of kernel.h, or -1 for an exception, threads 1 if it could set the number. Precondition:
/// the process is a worker with the descriptors of one.
[[gnu::visibility("default")]] void attest_python_serve(int (*open)(), int (*forward)(const attest_forward*),
                                                        int (*threads)(int), int confined) {
  const auto opened = [&]() -> std::unique_ptr<Implementation> {
    if (open() != 1) throw KernelOpenError(reason);
    return std::make_unique<PythonFunction>(forward, threads);
  };
  host_kernel({.open = opened,
               .confined = confined != 0 ? Confined::after_loading : Confined::never,
               .loading = LoadingCounts::flushing,
               .access = SlotMemory::Access::everything});
}
}

}  // namespace attest::kernel
