#include "kernel/process/child_process.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace attest::kernel {
namespace {

void require(int error, const char* what) {
  if (error != 0) throw std::system_error(error, std::generic_category(), what);
}

class Attributes {
 public:
  Attributes() {
    require(::posix_spawnattr_init(&attributes_), "posix_spawnattr_init");
    sigset_t none;
    sigset_t all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    ::posix_spawnattr_setflags(&attributes_,
                               POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  ~Attributes() { ::posix_spawnattr_destroy(&attributes_); }
  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

}  // namespace

FileActions::FileActions() {
  require(::posix_spawn_file_actions_init(&actions_), "posix_spawn_file_actions_init");
}

void FileActions::inherit(int from, int to) {
  require(::posix_spawn_file_actions_adddup2(&actions_, from, to), "dup2");
}

void FileActions::open_empty_input() {
  require(::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0), "/dev/null");
}

void FileActions::close_from(int fd) {
  require(::posix_spawn_file_actions_addclosefrom_np(&actions_, fd), "closefrom");
}

pid_t spawn_child(const std::string& path, const FileActions& actions, std::vector<std::string> words,
                  char* const* environment) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const Attributes attributes;
  pid_t pid = -1;
  require(::posix_spawn(&pid, path.c_str(), actions.get(), attributes.get(), arguments.data(), environment),
          "cannot start a process");
  return pid;
}

// By syscall, because glibc 2.36 declares pidfd_open without C linkage.
FileDescriptor watch(pid_t pid) {
  return FileDescriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
}

OutputPipe output_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe2");
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);  // only the reader's end: the child's prints may wait
  return {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

void drain(const FileDescriptor& output, OutputTail& tail) {
  std::array<char, 4096> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): read() fills it
  constexpr int kRounds = 32;     // twice what a pipe holds
  for (int round = 0; round < kRounds; ++round) {
    const ssize_t size = ::read(output.get(), buffer.data(), buffer.size());
    if (size <= 0) return;
    tail.append({buffer.data(), static_cast<std::size_t>(size)});
  }
}

std::string describe_end(int status) {
  if (WIFEXITED(status)) return fmt::format("exited with status {}", WEXITSTATUS(status));
  const int signal = WTERMSIG(status);
  const char* name = ::sigdescr_np(signal);
  return fmt::format("killed by signal {} ({})", signal, name != nullptr ? name : "unnamed");
}

}  // namespace attest::kernel
