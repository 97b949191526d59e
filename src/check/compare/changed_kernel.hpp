// The same kernel with other threads, or with other batches: for comparing it with itself.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "kernel/kernel.hpp"

namespace attest::check {

/// Calls the kernel with so many threads. A kernel whose threads cannot be set declines.
std::unique_ptr<kernel::Kernel> with_threads(std::unique_ptr<kernel::Kernel> kernel, int threads);

/// Calls the kernel with at most so many batches at a time, and joins the results. A call of which the kernel
/// declines a part is declined; one of which a part fails has that part's outcome.
std::unique_ptr<kernel::Kernel> with_batches(std::unique_ptr<kernel::Kernel> kernel, std::int64_t batches);

}  // namespace attest::check
