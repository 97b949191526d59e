// What workers and commands share: a child process in a group of its own, what it prints, and how it ended.
#pragma once

#include <string>
#include <vector>

#include <spawn.h>
#include <sys/types.h>

#include "kernel/process/file_descriptor.hpp"
#include "kernel/process/output_tail.hpp"

namespace attest::kernel {

/// What a child finds open: nothing but what is said here. Every member throws std::system_error.
class FileActions {
 public:
  FileActions();
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }

  void inherit(int from, int to);
  void open_empty_input();
  /// This descriptor and all above it.
  void close_from(int fd);
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

/// Starts the program at `path` with these words (the first is its name) and this environment (ended by a
/// null pointer), in a process group of its own, with default signal handling. Throws std::system_error.
pid_t spawn_child(const std::string& path, const FileActions& actions, std::vector<std::string> words,
                  char* const* environment);

/// Readable once the process has ended; -1 where the system has no pidfds, which poll ignores.
FileDescriptor watch(pid_t pid);

/// A pipe for what a child prints. Only reading never waits. Throws std::system_error.
struct OutputPipe {
  FileDescriptor read, write;
};
OutputPipe output_pipe();
/// Reads what is there, but not for ever from a child that prints faster than this reads.
void drain(const FileDescriptor& output, OutputTail& tail);

/// Of a status that waitpid gave: "exited with status 3", "killed by signal 11 (Segmentation fault)".
std::string describe_end(int status);

}  // namespace attest::kernel
