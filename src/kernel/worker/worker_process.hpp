// A worker process: attest's own binary, started with posix_spawn, that hosts one kernel.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

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
  std::vector<std::string> printed{};  ///< as in RunOutcome
};

/// Dies with this object and with the tool, and so do all processes that it started, daemons too. Its
/// standard output and error go to a pipe of which only the end is kept; its input is empty. spawn rather
/// than fork: a fork of a process with OpenMP threads hangs.
class WorkerProcess {
 public:
  using Deadline = std::chrono::steady_clock::time_point;
  enum class Wait : std::uint8_t { received, timed_out, ended };

  /// Starts a worker for an expanded kernel spec; it inherits shared_file. Throws std::system_error.
  WorkerProcess(const std::string& spec, int shared_file);
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;
  ~WorkerProcess();

  /// -1 before it has started.
  pid_t pid() const { return worker_; }
  /// Why the system gave no process; 0: it did, or it is not known yet.
  int start_error() const { return start_error_; }
  /// Ends what the kernel started and left. The worker stays.
  void end_left_processes() const;
  /// Whether a signal has stopped it, so that it will not answer.
  bool is_stopped() const;

  /// False when the worker is gone.
  bool send(const void* message, std::size_t size);
  /// Waits for one message of exactly this size. Another size counts as the worker's end.
  Wait receive(void* message, std::size_t size, Deadline deadline);
  /// Ends the worker, if it has not ended by itself, and tells how it did, and where (words to follow that).
  /// Call once, after a Wait::ended, a failed send, or a message that announces the end, by a signal (0:
  /// none).
  WorkerEnd end(const std::string& where = "", int announced = 0);
  /// Discards what the worker printed so far.
  void forget_output();
  /// What it printed last, as in RunOutcome.
  std::vector<std::string> printed();

 private:
  /// Takes one note of the supervisor, if it comes within the time. False: the supervisor is gone.
  bool read_note(std::chrono::milliseconds limit);
  bool wait_for_exit(std::chrono::milliseconds limit);
  void kill_and_reap();

  pid_t supervisor_ = -1;
  pid_t worker_ = -1;
  int start_error_ = 0;
  bool in_protocol_ = true;    ///< until a message has another size than expected
  bool supervised_ = true;     ///< until the supervisor's notes end
  std::optional<int> status_;  ///< of the worker, or of a supervisor that had none, as waitpid gives it
  FileDescriptor notes_;
  FileDescriptor socket_;
  FileDescriptor output_;
  OutputTail tail_;
};

}  // namespace attest::kernel
