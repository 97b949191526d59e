// The processes that a process started, directly or not.
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include <sys/stat.h>
#include <sys/types.h>

#include "kernel/process/file_descriptor.hpp"

namespace attest::kernel {

struct ProcessEntry {
  pid_t pid = 0;
  pid_t parent = 0;
  char state = '?';  ///< as in /proc/PID/stat: 'T' stopped, 'Z' ended but not reaped
};

/// None when there is no such process.
std::optional<ProcessEntry> find_process(pid_t pid);

/// Those whose chain of parents leads to this process and that have not ended. Where it is a subreaper, that
/// includes daemons.
std::vector<ProcessEntry> descendants_of(pid_t root);

/// Kills them, and those that they start meanwhile, until none is left or the time is over. `but` is spared;
/// -1: none is.
void kill_descendants(pid_t root, std::chrono::milliseconds limit, pid_t but = -1);

/// The processes that the calling process has started and left, while `reaper` adopts what loses its parent:
/// children of the one, and children of the other that are not the calling process. Where the system does not
/// list children, orphans do not count.
class LeftProcesses {
 public:
  explicit LeftProcesses(pid_t reaper);

  /// A few system calls when there are none, as the list stays open between calls of a kernel.
  int count() const;

 private:
  bool is_still_open() const;
  std::vector<pid_t> adopted() const;

  pid_t reaper_;
  FileDescriptor list_;    ///< of the reaper's children
  struct stat opened_ {};  ///< what list_ was; a kernel may close descriptors that are not its own
};

}  // namespace attest::kernel
