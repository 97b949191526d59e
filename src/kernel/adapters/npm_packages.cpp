#include "kernel/adapters/npm_packages.hpp"

#include <cstdlib>

#include <fmt/format.h>

#include "files/installed/run_time_files.hpp"

namespace attest::kernel::adapters {

std::string npm_packages() {
  const char* chosen = std::getenv("ATTEST_KERNELS_DIR");
  if (chosen != nullptr && *chosen != '\0') return chosen;
  return files::run_time_file("share/attest/kernels/node_modules", ATTEST_KERNELS_DIR).string();
}

std::string missing_library(const std::string& library, const std::string& path) {
  const auto prefix = files::installed_prefix();
  if (!prefix) {
    return fmt::format("{} is not installed: run ./attest setup (or npm ci in kernels/); there is no {}",
                       library, path);
  }
  return fmt::format(
      "{} is not installed: run 'npm ci --ignore-scripts' in a copy of {}, and set ATTEST_KERNELS_DIR to its "
      "node_modules",
      library, (*prefix / "share/attest/kernels").string());
}

}  // namespace attest::kernel::adapters
