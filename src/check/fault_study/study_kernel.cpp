#include "check/fault_study/study_kernel.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "faults/kernels/memory.hpp"
#include "kernel/in_process/in_process.hpp"

namespace attest::check {
namespace {

kernel::KernelInfo info_of(std::string_view name, const char* contract) {
  kernel::KernelInfo info;
  info.name = std::string(name);
  info.contract = contract;
  return info;
}

// Every kernel of the study is in this process: no fault of the catalogue leaves its tensors.
std::unique_ptr<kernel::Kernel> in_process(std::string_view name, const char* contract,
                                           kernel::InProcessKernel::Forward forward) {
  return std::make_unique<kernel::InProcessKernel>(info_of(name, contract), std::move(forward));
}

// Its memory is what a new process would not have.
class KernelWithMemory final : public kernel::InProcessKernel {
 public:
  KernelWithMemory(kernel::KernelInfo info, faults::KernelFault fault)
      : KernelWithMemory(std::move(info), fault, std::make_shared<faults::faulty::Memory>()) {}

  void forget() override { memory_->forget(); }

 private:
  KernelWithMemory(kernel::KernelInfo info, faults::KernelFault fault,
                   const std::shared_ptr<faults::faulty::Memory>& memory)
      : InProcessKernel(std::move(info),
                        [memory, fault](const attest_forward& f) {
                          return faults::faulty::forward(f, fault, {}, memory.get());
                        }),
        memory_(memory) {}

  std::shared_ptr<faults::faulty::Memory> memory_;
};

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
  return std::make_unique<KernelWithMemory>(info_of(entry.name, faults::faulty::contract_of(entry.fault)),
                                            entry.fault);
}

std::unique_ptr<kernel::Kernel> study_kernel(const faults::KernelControlEntry& entry) {
  return in_process(entry.name, faults::faulty::contract_of(entry.control),
                    [arithmetic = faults::faulty::arithmetic_of(entry.control)](const attest_forward& f) {
                      return faults::faulty::forward(f, faults::KernelFault::none, arithmetic);
                    });
}

std::unique_ptr<kernel::Kernel> study_kernel(const std::string& name,
                                             const faults::faulty::Arithmetic& arithmetic) {
  return in_process(name, faults::faulty::contract_of(faults::KernelFault::none),
                    [arithmetic](const attest_forward& f) {
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
