// Ctrl-C and SIGTERM: what runs ends early and reports what it found.
#pragma once

#include <csignal>

namespace attest::cli {

/// While it lives, the first SIGINT or SIGTERM asks campaigns to stop (check/record/interruption.hpp); the
/// second ends the process at once, with exit code 130.
class StopOnSignal {
 public:
  StopOnSignal();
  StopOnSignal(const StopOnSignal&) = delete;
  StopOnSignal& operator=(const StopOnSignal&) = delete;
  ~StopOnSignal();

 private:
  struct sigaction interrupt_ {
  }, terminate_{};  ///< what was there before
};

}  // namespace attest::cli
