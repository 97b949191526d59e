// The kernels of the mutation study, and the dtypes in which each is tested.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "faults/catalogue.hpp"
#include "kernel/kernel.hpp"

namespace attest::check {

/// Each call makes a new kernel without state from other calls.
std::unique_ptr<kernel::Kernel> study_kernel(const faults::KernelFaultEntry& entry);
std::unique_ptr<kernel::Kernel> study_kernel(const faults::KernelControlEntry& entry);
std::unique_ptr<kernel::Kernel> study_kernel(const faults::NarrowKernelEntry& entry);
/// The correct kernel but for its arithmetic, of which its contract says nothing.
std::unique_ptr<kernel::Kernel> study_kernel(const std::string& name,
                                             const faults::faulty::Arithmetic& arithmetic);

/// Of those that q has one of: k and v have the same, or f16 under f32 where the entry shows nowhere else.
std::vector<faults::DTypes> study_dtypes(const faults::KernelFaultEntry& entry, const std::vector<DType>& q);
std::vector<faults::DTypes> study_dtypes(const faults::KernelControlEntry& entry,
                                         const std::vector<DType>& q);
std::vector<faults::DTypes> study_dtypes(const faults::NarrowKernelEntry& entry, const std::vector<DType>& q);

}  // namespace attest::check
