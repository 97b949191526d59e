// One call of a kernel: its arguments on the device, its range, and what it leaves.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "kernel/opencl/device.hpp"
#include "kernel/opencl/operands.hpp"
#include "kernel/opencl/race_log.hpp"

namespace attest::kernel::opencl {

/// What a problem determines of a call, buffers aside.
struct Launch {
  std::string options;                                ///< of the program: -DNAME=VALUE for each macro
  std::vector<std::size_t> global, local;             ///< no local: the driver chooses
  std::vector<std::optional<ScalarBytes>> scalars{};  ///< by argument; none for those of another kind
  std::vector<std::size_t> bytes{};                   ///< by argument, of local and scratch memory
};

/// None where an expression has no value, a scalar does not fit its type, or memory is beyond all reason.
std::optional<Launch> launch_of(const KernelDescription& kernel, const attest_forward& problem,
                                const Variables& variables);

/// Runs it and waits. An empty range runs nothing. Throws std::runtime_error for what the driver refuses.
void run_range(const Device& device, Entry* kernel, const std::vector<std::size_t>& global,
               const std::vector<std::size_t>& local);

/// Runs the call and writes its outputs to the problem. The violation is a write outside a buffer or to an
/// input, as far as canaries show it.
Violation run_call(const Device& device, Entry* kernel, const KernelDescription& description,
                   const Launch& launch, const attest_forward& problem, const adapters::Request& request);

}  // namespace attest::kernel::opencl
