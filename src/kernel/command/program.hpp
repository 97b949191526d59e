// Whether the program that a shell command starts exists.
#pragma once

#include <string>

namespace attest::kernel {

/// "there is no command 'pyhton3'", "./run.py is not executable"; empty where the program exists, and for a
/// command that begins with more than plain words, which only a shell understands.
std::string why_no_program(const std::string& command);

}  // namespace attest::kernel
