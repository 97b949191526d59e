// Why a kernel that exists cannot run on this machine.
#pragma once

#include <string>

#include "kernel/kernel.hpp"

namespace attest::kernel {

/// What the kernel runs on is missing here: a driver, a device, a package. Other kernels go on.
struct KernelUnavailable : KernelOpenError {
  explicit KernelUnavailable(const std::string& reason) : KernelOpenError(reason), why(reason) {}
  KernelUnavailable(const std::string& name, const std::string& reason)
      : KernelOpenError(name + " is not available: " + reason), why(reason) {}
  std::string why;
};

}  // namespace attest::kernel
