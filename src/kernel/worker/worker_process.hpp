// A worker process: attest's own binary, started with posix_spawn, that hosts one kernel.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include <sys/types.h>

#include "kernel/process/file_descriptor.hpp"
#include "kernel/process/output_tail.hpp"

namespace attest::kernel {

/// The executable that workers are started from; its main must call worker_main (see kernel.hpp). The default
/// is the running one. Call before any kernel is opened.
void set_worker_executable(std::string path);

/// How a worker ended.
struct WorkerEnd {
  int signal = 0;  ///< 0: it exited
  std::string
      text;  ///< "killed by signal 11 (Segmentation fault)", "exited with status 3", and its last line
};

/// Dies with this object and with the tool. Its standard output and error go to a pipe of which only the end
/// is kept; its input is empty. spawn rather than fork: a fork of a process with OpenMP threads hangs.
class WorkerProcess {
 public:
  using Deadline = std::chrono::steady_clock::time_point;
  enum class Wait : std::uint8_t { received, timed_out, ended };

  /// Starts a worker for an expanded kernel spec; it inherits shared_file. Throws std::system_error.
  WorkerProcess(const std::string& spec, int shared_file);
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;
  ~WorkerProcess();

  pid_t pid() const { return pid_; }

  /// False when the worker is gone.
  bool send(const void* message, std::size_t size);
  /// Waits for one message of exactly this size. Another size counts as the worker's end.
  Wait receive(void* message, std::size_t size, Deadline deadline);
  /// Ends the worker, if it has not ended by itself, and tells how it did, and where (words to follow that).
  /// Call once, after a Wait::ended, a failed send, or a message that announces the end.
  WorkerEnd end(const std::string& where = "");
  /// Discards what the worker printed so far.
  void forget_output();

 private:
  bool wait_for_exit(std::chrono::milliseconds limit) const;
  int kill_and_reap();

  pid_t pid_ = -1;
  FileDescriptor process_;  ///< pidfd, readable once the worker has ended; -1 where there are none
  FileDescriptor socket_;
  FileDescriptor output_;
  OutputTail tail_;
};

}  // namespace attest::kernel
