// The process between the tool and a worker. It adopts what a kernel starts and abandons, so that daemons are
// found and end with the worker, and tells the tool how the worker ended.
#pragma once

#include <cstdint>

#include <sys/types.h>

namespace attest::kernel {

/// What a supervisor writes to the tool. The first note is written before the worker does anything else.
struct SupervisorNote {
  enum class Kind : std::uint32_t { started, ended, not_started };
  Kind kind = Kind::started;
  std::int32_t worker = 0;  ///< its process
  std::int32_t status = 0;  ///< when ended: as waitpid gave it; when not started: an error number
};

/// Forks. The parent, which never returns, is the supervisor until it is killed. When the tool's process dies
/// it kills all that it has, and ends. The child returns: it is the worker, in a process group of its own,
/// and dies with the supervisor. Precondition: the process has one thread.
void split_off_worker(pid_t tool);

}  // namespace attest::kernel
