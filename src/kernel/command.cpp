#include "kernel/command.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/file_descriptor.hpp"
#include "kernel/output_tail.hpp"

namespace attest {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

void require(int error, const char* what) {
  if (error != 0) throw std::system_error(error, std::generic_category(), what);
}

// Standard output and error go to `output`, input is empty, signals are as a shell expects them.
pid_t spawn_shell(const std::string& command, int output) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  require(::posix_spawn_file_actions_init(&actions), "posix_spawn_file_actions_init");
  require(::posix_spawnattr_init(&attributes), "posix_spawnattr_init");
  ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
  ::posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  sigset_t none;
  sigset_t all;
  ::sigemptyset(&none);
  ::sigfillset(&all);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setsigdefault(&attributes, &all);
  ::posix_spawnattr_setpgroup(&attributes, 0);
  ::posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  std::array<std::string, 3> words{"sh", "-c", command};
  std::array<char*, 4> arguments{words[0].data(), words[1].data(), words[2].data(), nullptr};
  pid_t pid = -1;
  const int error = ::posix_spawn(&pid, "/bin/sh", &actions, &attributes, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::posix_spawnattr_destroy(&attributes);
  require(error, "/bin/sh");
  return pid;
}

void drain(int output, OutputTail& tail) {
  std::array<char, 4096> buffer{};
  ssize_t size = 0;
  while ((size = ::read(output, buffer.data(), buffer.size())) > 0) {
    tail.append({buffer.data(), static_cast<std::size_t>(size)});
  }
}

CommandEnd end_from(int status, const std::string& last_line) {
  CommandEnd end;
  if (WIFEXITED(status)) {
    end.status = WEXITSTATUS(status);
    end.text = fmt::format("exited with status {}", end.status);
  } else {
    end.signal = WTERMSIG(status);
    const char* name = ::sigdescr_np(end.signal);
    end.text = fmt::format("killed by signal {} ({})", end.signal, name != nullptr ? name : "unnamed");
  }
  if (!last_line.empty()) end.text += ": " + last_line;
  return end;
}

}  // namespace

CommandEnd run_command(const std::string& command, milliseconds limit) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe2");
  const FileDescriptor output(ends[0]);
  FileDescriptor write_end(ends[1]);
  ::fcntl(output.get(), F_SETFL, O_NONBLOCK);
  const pid_t pid = spawn_shell(command, write_end.get());
  write_end.reset();
  const FileDescriptor process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));

  OutputTail tail;
  int status = 0;
  const auto deadline = steady_clock::now() + limit;
  bool timed_out = false;
  while (::waitpid(pid, &status, WNOHANG) == 0) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now()).count();
    if (left <= 0) {
      timed_out = true;
      ::kill(-pid, SIGKILL);
      ::waitpid(pid, &status, 0);
      break;
    }
    // Without pidfds a command's end is noticed late, by the time limit of poll.
    std::array<pollfd, 2> events{{{output.get(), POLLIN, 0}, {process.get(), POLLIN, 0}}};
    const bool known = process.get() >= 0;
    const milliseconds::rep wait = known ? left : std::min<milliseconds::rep>(left, 5);
    ::poll(events.data(), known ? 2 : 1, static_cast<int>(std::min<milliseconds::rep>(wait, 1'000'000)));
    drain(output.get(), tail);
    // A command that has closed its output would make poll return at once from now on.
    if ((events[0].revents & POLLHUP) != 0 && known) {
      pollfd end{process.get(), POLLIN, 0};
      ::poll(&end, 1, static_cast<int>(std::min<milliseconds::rep>(left, 1'000'000)));
    }
  }
  ::kill(-pid, SIGKILL);  // whatever it left behind in its group
  drain(output.get(), tail);
  CommandEnd end = end_from(status, tail.last_line());
  if (timed_out) {
    end = CommandEnd{};
    end.timed_out = true;
    end.text = fmt::format("no answer within {} ms", limit.count());
  }
  return end;
}

}  // namespace attest
