#include "check/fault_study/study_kernel.hpp"

#include <algorithm>
#include <functional>

#include "faults/kernels/memory.hpp"
#include "kernel/in_process/in_process.hpp"

namespace attest {
namespace {

// Every kernel of the study is in this process: no fault of the catalogue leaves its tensors.
std::unique_ptr<Kernel> in_process(std::string_view name, const char* contract,
                                   InProcessKernel::Forward forward) {
  KernelInfo info;
  info.name = std::string(name);
  info.contract = contract;
  return std::make_unique<InProcessKernel>(std::move(info), std::move(forward));
}

std::vector<DTypes> some_of(const std::vector<DType>& q, const std::function<bool(const DTypes&)>& wanted) {
  std::vector<DTypes> some;
  for (const DType dtype : q) {
    if (wanted({dtype, dtype})) some.push_back({dtype, dtype});
  }
  const DTypes mixed{DType::f32, DType::f16};
  const bool asked = std::find(q.begin(), q.end(), DType::f32) != q.end();
  const bool elsewhere = wanted({DType::f32, DType::f32});
  if (asked && !elsewhere && wanted(mixed)) some.push_back(mixed);
  return some;
}

}  // namespace

std::unique_ptr<Kernel> study_kernel(const KernelFaultEntry& entry) {
  const auto memory = std::make_shared<faulty::Memory>();
  return in_process(entry.name, faulty::contract_of(entry.fault),
                    [memory, fault = entry.fault](const attest_forward& f) {
                      return faulty::forward(f, fault, {}, memory.get());
                    });
}

std::unique_ptr<Kernel> study_kernel(const KernelControlEntry& entry) {
  return in_process(entry.name, faulty::contract_of(entry.control),
                    [arithmetic = faulty::arithmetic_of(entry.control)](const attest_forward& f) {
                      return faulty::forward(f, KernelFault::none, arithmetic);
                    });
}

std::unique_ptr<Kernel> study_kernel(const NarrowKernelEntry& entry) {
  return in_process(
      entry.name, faulty::contract_of(entry.fault),
      [kernel = entry.kernel](const attest_forward& f) { return faulty::narrow_forward(f, kernel); });
}

std::vector<DTypes> study_dtypes(const KernelFaultEntry& entry, const std::vector<DType>& q) {
  return some_of(q, [&](const DTypes& dtypes) { return shows(entry, dtypes); });
}

std::vector<DTypes> study_dtypes(const KernelControlEntry&, const std::vector<DType>& q) {
  return some_of(q, [](const DTypes& dtypes) { return dtypes.q == dtypes.kv; });
}

std::vector<DTypes> study_dtypes(const NarrowKernelEntry& entry, const std::vector<DType>& q) {
  return some_of(q, [&](const DTypes& dtypes) {
    return admits(entry.gate, dtypes) &&
           (entry.fault == KernelFault::none || shows(entry_of(entry.fault), dtypes));
  });
}

}  // namespace attest
