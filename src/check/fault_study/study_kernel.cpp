#include "check/fault_study/study_kernel.hpp"

#include <algorithm>
#include <functional>

#include "faults/kernels/memory.hpp"
#include "kernel/in_process/in_process.hpp"

namespace attest::check {
namespace {

// Every kernel of the study is in this process: no fault of the catalogue leaves its tensors.
std::unique_ptr<kernel::Kernel> in_process(std::string_view name, const char* contract,
                                           kernel::InProcessKernel::Forward forward) {
  kernel::KernelInfo info;
  info.name = std::string(name);
  info.contract = contract;
  return std::make_unique<kernel::InProcessKernel>(std::move(info), std::move(forward));
}

std::vector<faults::DTypes> some_of(const std::vector<DType>& q,
                                    const std::function<bool(const faults::DTypes&)>& wanted) {
  std::vector<faults::DTypes> some;
  for (const DType dtype : q) {
    if (wanted({dtype, dtype})) some.push_back({dtype, dtype});
  }
  const faults::DTypes mixed{DType::f32, DType::f16};
  const bool asked = std::find(q.begin(), q.end(), DType::f32) != q.end();
  const bool elsewhere = wanted({DType::f32, DType::f32});
  if (asked && !elsewhere && wanted(mixed)) some.push_back(mixed);
  return some;
}

}  // namespace

std::unique_ptr<kernel::Kernel> study_kernel(const faults::KernelFaultEntry& entry) {
  const auto memory = std::make_shared<faults::faulty::Memory>();
  return in_process(entry.name, faults::faulty::contract_of(entry.fault),
                    [memory, fault = entry.fault](const attest_forward& f) {
                      return faults::faulty::forward(f, fault, {}, memory.get());
                    });
}

std::unique_ptr<kernel::Kernel> study_kernel(const faults::KernelControlEntry& entry) {
  return in_process(entry.name, faults::faulty::contract_of(entry.control),
                    [arithmetic = faults::faulty::arithmetic_of(entry.control)](const attest_forward& f) {
                      return faults::faulty::forward(f, faults::KernelFault::none, arithmetic);
                    });
}

std::unique_ptr<kernel::Kernel> study_kernel(const faults::NarrowKernelEntry& entry) {
  return in_process(
      entry.name, faults::faulty::contract_of(entry.fault),
      [kernel = entry.kernel](const attest_forward& f) { return faults::faulty::narrow_forward(f, kernel); });
}

std::vector<faults::DTypes> study_dtypes(const faults::KernelFaultEntry& entry, const std::vector<DType>& q) {
  return some_of(q, [&](const faults::DTypes& dtypes) { return faults::shows(entry, dtypes); });
}

std::vector<faults::DTypes> study_dtypes(const faults::KernelControlEntry&, const std::vector<DType>& q) {
  return some_of(q, [](const faults::DTypes& dtypes) { return dtypes.q == dtypes.kv; });
}

std::vector<faults::DTypes> study_dtypes(const faults::NarrowKernelEntry& entry,
                                         const std::vector<DType>& q) {
  return some_of(q, [&](const faults::DTypes& dtypes) {
    return faults::admits(entry.gate, dtypes) &&
           (entry.fault == faults::KernelFault::none || faults::shows(faults::entry_of(entry.fault), dtypes));
  });
}

}  // namespace attest::check
