#include "files/installed/run_time_files.hpp"

#include <system_error>

namespace attest::files {

namespace fs = std::filesystem;

std::optional<fs::path> installed_prefix() {
  std::error_code none;
  const fs::path prefix = fs::read_symlink("/proc/self/exe", none).parent_path().parent_path();
  if (none || !fs::is_directory(prefix / "share" / "attest", none)) return std::nullopt;
  return prefix;
}

fs::path run_time_file(const fs::path& installed, const fs::path& built) {
  const std::optional<fs::path> prefix = installed_prefix();
  return prefix ? *prefix / installed : built;
}

}  // namespace attest::files
