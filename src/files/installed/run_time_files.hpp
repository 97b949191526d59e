// The files that a running attest needs besides its executable.
#pragma once

#include <filesystem>
#include <optional>

namespace attest::files {

/// The prefix that the running program was installed to: the folder above its own, where that has
/// share/attest. None in a build tree.
std::optional<std::filesystem::path> installed_prefix();

/// `installed` below the prefix where there is one; otherwise `built`, a path in the source or build tree.
std::filesystem::path run_time_file(const std::filesystem::path& installed,
                                    const std::filesystem::path& built);

}  // namespace attest::files
