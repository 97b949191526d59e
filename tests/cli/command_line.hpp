// Runs the attest binary as a user does, and keeps what it printed.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace attest::cli {

struct CommandRun {
  int exit = -1;  ///< exit code; 128 + signal when killed
  std::string out, err;
};

/// Runs `attest <arguments>` through the shell in a fresh folder of its own.
CommandRun attest_command(const std::string& arguments);

/// As attest_command with --json - added: the JSON it printed.
nlohmann::json attest_json(const std::string& arguments, int expected_exit);

/// Lines in a text.
int lines_of(const std::string& text);

/// "<folder of the test kernels>/NAME.so"
std::string test_kernel(const std::string& name);

}  // namespace attest::cli
