// A kernel in OpenCL C, described in its file (description.hpp).
#pragma once

#include <memory>

#include "kernel/implementation.hpp"
#include "kernel/opencl_spec.hpp"

namespace attest::kernel {

/// Compiles the file for the first device that OpenCL has, or for oclgrind, which simulates one and reports
/// data races and accesses outside buffers with their lines. Throws KernelOpenError; KernelUnavailable where
/// there is no OpenCL, or no oclgrind.
std::unique_ptr<Implementation> open_opencl(const OpenClSpec& spec);

}  // namespace attest::kernel
