// The faulty kernels and the controls as kernels in this process.
#pragma once

#include <memory>

#include "faults/catalogue.hpp"
#include "kernel/in_process/in_process.hpp"

namespace attest::test {

inline std::unique_ptr<kernel::Kernel> kernel_of(faults::KernelFault fault,
                                                 const faults::faulty::Arithmetic& arithmetic = {}) {
  kernel::KernelInfo info;
  info.name = "faulty";
  info.contract = faults::faulty::contract_of(fault);
  return std::make_unique<kernel::InProcessKernel>(
      info, [=](const attest_forward& f) { return faults::faulty::forward(f, fault, arithmetic); });
}

}  // namespace attest::test
