// Starts the worker executable with posix_spawn.
#pragma once

#include <string>

#include <sys/types.h>

namespace attest::kernel {

/// Descriptors of this process that the worker inherits.
struct WorkerFiles {
  int socket;
  int memory;
  int notes;   ///< of the supervisor
  int output;  ///< both its standard output and its standard error
};

/// Starts a worker's supervisor in a process group of its own, with default signal handling and no other
/// descriptors. Returns its process id. Throws std::system_error, or std::logic_error inside a worker.
pid_t spawn_worker(const std::string& spec, const WorkerFiles& files);

}  // namespace attest::kernel
