// What a kernel must leave as it found it: the floating-point environment and the process around it.
#pragma once

#include <array>
#include <csignal>
#include <string>

#include <sched.h>
#include <sys/resource.h>

#include "kernel/process/float_state.hpp"

namespace attest::kernel {

/// Compares cheaply (about ten microseconds), so that it can be taken around every call.
class ProcessState {
 public:
  /// Of the calling thread and its process.
  static ProcessState now();

  /// What differs in `after`, for a person: "the rounding mode, the handler of signal 11 (Segmentation
  /// fault)"; empty when nothing does.
  std::string changes(const ProcessState& after) const;
  /// Puts back all of it, so that the next call can show the same change again.
  void restore() const;

  const FloatState& floats() const { return floats_; }
  /// Takes the flushing of subnormals from `after`, so that it counts as unchanged.
  void accept_flushing(const ProcessState& after) { floats_.set_flushing(after.floats_); }

  /// Takes the environment variables from `after`, so that they count as unchanged.
  void accept_variables(const ProcessState& after) { variables_ = after.variables_; }

 private:
  static constexpr int kSignals = 32;
  static constexpr int kLimits = RLIM_NLIMITS;

  FloatState floats_;
  std::array<struct sigaction, kSignals> handlers_{};
  sigset_t blocked_{};
  std::array<rlimit, kLimits> limits_{};
  mode_t umask_ = 0;
  std::string locale_;
  cpu_set_t affinity_{};
  bool alarmed_ = false;   ///< a timer will raise SIGALRM
  std::string directory_;  ///< empty: it is gone
  std::string variables_;  ///< of the environment, each ended by '\0'
};

}  // namespace attest::kernel
