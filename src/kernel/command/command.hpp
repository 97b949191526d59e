// Runs a shell command with a time limit.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace attest::kernel {

struct CommandEnd {
  bool timed_out = false;
  int status = 0;    ///< exit status; 0 where a signal ended it
  int signal = 0;    ///< 0: it exited
  std::string text;  ///< "exited with status 3: the last line it printed", "killed by signal 11 (...)"
  std::vector<std::string> printed{};  ///< as in RunOutcome
  bool succeeded() const { return !timed_out && status == 0 && signal == 0; }
};

/// /bin/sh -c `command`, without input, in a process group of its own, which is killed at the limit and when
/// the command ends. Of what it prints only the end is kept. Throws std::system_error when no process can be
/// started.
CommandEnd run_command(const std::string& command, std::chrono::milliseconds limit);

}  // namespace attest::kernel
