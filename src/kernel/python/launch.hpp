// Starts the Python interpreter that hosts a kernel.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace attest::kernel {

/// The variable that names the interpreter; python3 of PATH without it.
inline constexpr const char* kPythonVariable = "ATTEST_PYTHON";
std::string python_interpreter();

/// Replaces this process by an interpreter that serves the kernel over the worker's descriptors. Returns only
/// if that fails, and then why, in one line. Precondition: this process is a worker, split off from its
/// supervisor.
std::string exec_python_worker(const std::string& spec);

/// The kernels of a framework, each with the reason why it cannot run here; empty: it can. Asks the
/// interpreter what is installed, without importing it. Throws KernelOpenError where there is no interpreter.
std::vector<std::pair<std::string, std::string>> python_kernels(const std::string& family);

}  // namespace attest::kernel
