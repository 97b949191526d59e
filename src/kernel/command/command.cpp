#include "kernel/command/command.hpp"

#include <algorithm>
#include <array>
#include <csignal>

#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/process/child_process.hpp"

namespace attest::kernel {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Standard output and error go to `output`.
pid_t spawn_shell(const std::string& command, const FileDescriptor& output) {
  FileActions actions;
  actions.open_empty_input();
  actions.inherit(output.get(), STDOUT_FILENO);
  actions.inherit(output.get(), STDERR_FILENO);
  actions.close_from(STDERR_FILENO + 1);
  return spawn_child("/bin/sh", actions, {"sh", "-c", command}, environ);
}

CommandEnd end_from(int status, const std::string& last_line) {
  CommandEnd end;
  if (WIFEXITED(status)) {
    end.status = WEXITSTATUS(status);
  } else {
    end.signal = WTERMSIG(status);
  }
  end.text = describe_end(status);
  if (!last_line.empty()) end.text += ": " + last_line;
  return end;
}

}  // namespace

CommandEnd run_command(const std::string& command, milliseconds limit) {
  OutputPipe pipe = output_pipe();
  const FileDescriptor& output = pipe.read;
  const pid_t pid = spawn_shell(command, pipe.write);
  pipe.write.reset();
  const FileDescriptor process = watch(pid);

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
    drain(output, tail);
    // A command that has closed its output would make poll return at once from now on.
    if ((events[0].revents & POLLHUP) != 0 && known) {
      pollfd end{process.get(), POLLIN, 0};
      ::poll(&end, 1, static_cast<int>(std::min<milliseconds::rep>(left, 1'000'000)));
    }
  }
  ::kill(-pid, SIGKILL);  // whatever it left behind in its group
  drain(output, tail);
  CommandEnd end = end_from(status, tail.last_line());
  if (timed_out) {
    end = CommandEnd{};
    end.timed_out = true;
    end.text = fmt::format("no answer within {} ms", limit.count());
  }
  end.printed = tail.last_lines();
  return end;
}

}  // namespace attest::kernel
