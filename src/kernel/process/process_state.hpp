// What a kernel must leave as it found it: the floating-point environment and the process around it.
#pragma once

#include <array>
#include <csignal>
#include <cstdint>
#include <string>

#include <sched.h>

namespace attest::kernel {

/// Compares cheaply (a few microseconds), so that it can be taken around every call.
class ProcessState {
 public:
  /// Of the calling thread and its process.
  static ProcessState now();

  /// What differs in `after`, for a person: "the rounding mode, the handler of signal 11 (Segmentation
  /// fault)"; empty when nothing does.
  std::string changes(const ProcessState& after) const;
  /// Puts back all of it, so that the next call can show the same change again.
  void restore() const;

 private:
  static constexpr int kSignals = 32;

  int rounding_ = 0;
  int traps_ = 0;
  std::uint32_t flushes_ = 0;  ///< the bits that flush subnormals
  std::array<struct sigaction, kSignals> handlers_{};
  cpu_set_t affinity_{};
  std::array<char, 4096> directory_{};
};

}  // namespace attest::kernel
