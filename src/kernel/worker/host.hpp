// The part of a worker process that loads one kernel and answers for it.
#pragma once

#include <functional>
#include <memory>

#include "kernel/implementation.hpp"
#include "kernel/memory/slot_memory.hpp"

namespace attest::kernel {

/// When the filter of system calls begins (confinement.hpp).
enum class Confined : std::uint8_t { from_the_start, after_loading, never };

/// What loading may do to the process without a finding.
enum class LoadingCounts : std::uint8_t {
  everything,        ///< all of it is a finding
  except_variables,  ///< adapters set environment variables for the libraries that they load
  flushing,  ///< an interpreter's imports do as they please; only flush-to-zero is reported, as it changes
             ///< results
};

struct Host {
  std::function<std::unique_ptr<Implementation>()> open;  ///< throws KernelOpenError
  Confined confined = Confined::from_the_start;
  LoadingCounts loading = LoadingCounts::everything;
  SlotMemory::Access access = SlotMemory::Access::outputs_only;
};

/// Opens the kernel, answers the tool until it is gone, and ends the process. Precondition: this process is a
/// worker: split_off_worker and guard_worker have returned in it.
[[noreturn]] void host_kernel(const Host& host);

/// The first message of a worker that has nothing to serve; ends the process.
[[noreturn]] void refuse_kernel(const std::string& why);

}  // namespace attest::kernel
