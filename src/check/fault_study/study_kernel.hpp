// The kernels of the mutation study, and the dtypes in which each is tested.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "faults/catalogue.hpp"
#include "kernel/kernel.hpp"

namespace attest {

/// Each call makes a new kernel without state from other calls.
std::unique_ptr<Kernel> study_kernel(const KernelFaultEntry& entry);
std::unique_ptr<Kernel> study_kernel(const KernelControlEntry& entry);
std::unique_ptr<Kernel> study_kernel(const NarrowKernelEntry& entry);

/// Of those that q has one of: k and v have the same, or f16 under f32 where the entry shows nowhere else.
std::vector<DTypes> study_dtypes(const KernelFaultEntry& entry, const std::vector<DType>& q);
std::vector<DTypes> study_dtypes(const KernelControlEntry& entry, const std::vector<DType>& q);
std::vector<DTypes> study_dtypes(const NarrowKernelEntry& entry, const std::vector<DType>& q);

}  // namespace attest
