#include "kernel/adapters/npm_packages.hpp"

#include <cstdlib>

#include <fmt/format.h>

#include "files/installed/run_time_files.hpp"

namespace attest::kernel::adapters {

namespace {

constexpr const char* kVariable = "ATTEST_KERNELS_DIR";

std::string chosen() {
  const char* folder = std::getenv(kVariable);
  return folder == nullptr ? "" : folder;
}

}  // namespace

std::string npm_packages() {
  const std::string folder = chosen();
  if (!folder.empty()) return folder;
  return files::run_time_file("share/attest/kernels/node_modules", ATTEST_KERNELS_DIR).string();
}

std::string missing_library(const std::string& library, const std::string& path) {
  if (!chosen().empty()) return fmt::format("{} is not in {}: there is no {}", library, kVariable, path);
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
