// Commands that reports show, to be pasted into a shell.
#pragma once

#include <string>

namespace attest::report {

/// The argument as a shell reads it: quoted where it has other characters than those of plain paths.
std::string shell_word(const std::string& argument);

}  // namespace attest::report
