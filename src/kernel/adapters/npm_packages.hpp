// The kernels that npm packages hold (kernels/package.json).
#pragma once

#include <string>

namespace attest::kernel::adapters {

/// The node_modules folder: the variable ATTEST_KERNELS_DIR, or that of the installed or built attest.
std::string npm_packages();

/// One line: that `library` is not installed, and what to do; or that there is no such path where the
/// variable is wrong.
std::string missing_library(const std::string& library, const std::string& path);

}  // namespace attest::kernel::adapters
