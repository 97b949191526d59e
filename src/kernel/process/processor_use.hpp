// What the threads of a process had of the processors, and what others kept from them.
#pragma once

#include <chrono>
#include <map>

#include <sys/types.h>

namespace attest::kernel {

/// What a thread has had of the processors so far.
struct ProcessorUse {
  std::chrono::nanoseconds ran{0};
  std::chrono::nanoseconds waited{0};  ///< ready to run, in waits that are over
  bool ready = false;                  ///< runs, or waits to
};

/// Of every thread of a process. Empty where the system does not say.
using ProcessorUses = std::map<pid_t, ProcessorUse>;
ProcessorUses processor_uses(pid_t process);

/// How many processors the process may run on; at least 1.
int processors_of(pid_t process);

/// Two looks at a process that may run on so many processors.
struct ProcessorLooks {
  const ProcessorUses& before;
  const ProcessorUses& after;
  std::chrono::nanoseconds apart{0};
  int processors = 1;
};

/// How long others kept the process waiting between the looks: as long as the thread that waited the most,
/// but no longer than the processors were free of its own threads, which may be more than there are
/// processors.
std::chrono::nanoseconds kept_waiting(const ProcessorLooks& looks);

/// Whether others have the processors now: a thread was ready to run at both looks and did not run between
/// them, while its process used less than three quarters of its processors.
bool waits_for_others(const ProcessorLooks& looks);

}  // namespace attest::kernel
