// The faulty kernels and the controls as kernels in this process.
#pragma once

#include <memory>

#include "faults/catalogue.hpp"
#include "kernel/in_process/in_process.hpp"

namespace attest::test {

inline std::unique_ptr<Kernel> kernel_of(KernelFault fault, const faulty::Arithmetic& arithmetic = {}) {
  KernelInfo info;
  info.name = "faulty";
  info.contract = faulty::contract_of(fault);
  return std::make_unique<InProcessKernel>(
      info, [=](const attest_forward& f) { return faulty::forward(f, fault, arithmetic); });
}

}  // namespace attest::test
