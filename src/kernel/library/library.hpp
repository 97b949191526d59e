// A kernel in a shared library that exports the ABI of include/attest/kernel.h.
#pragma once

#include <memory>

#include "kernel/implementation.hpp"
#include "kernel/kernel_spec.hpp"

namespace attest::kernel {

/// Loads the library with RTLD_NOW | RTLD_LOCAL; whatever its constructors do, they do in this process.
/// Throws KernelOpenError.
std::unique_ptr<Implementation> open_library(const LibrarySpec& spec);

}  // namespace attest::kernel
