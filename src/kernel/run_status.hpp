// The meaning of a kernel's returned status.
#pragma once

#include <fmt/format.h>

#include "attest/kernel.h"
#include "kernel/kernel.hpp"

namespace attest::kernel {

/// Why a run with a number of threads is declined.
inline constexpr const char* kNoThreads = "its number of threads cannot be set";

/// The outcome without its result.
inline RunOutcome outcome_of_status(int status) {
  RunOutcome outcome;
  if (status == ATTEST_OK) return outcome;
  outcome.code = status;
  if (status == ATTEST_UNSUPPORTED) {
    outcome.status = RunStatus::unsupported;
    outcome.detail = "declined";
  } else {
    outcome.status = RunStatus::failed;
    outcome.detail = fmt::format("returned status {}", status);
  }
  return outcome;
}

inline RunOutcome outcome_of_exception(const std::string& what) {
  RunOutcome outcome;
  outcome.status = RunStatus::failed;
  outcome.detail = "threw an exception: " + what;
  return outcome;
}

}  // namespace attest::kernel
