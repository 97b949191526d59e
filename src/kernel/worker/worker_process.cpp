#include "kernel/worker/worker_process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/process/child_process.hpp"
#include "kernel/worker/spawn.hpp"

namespace attest::kernel {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

struct Ends {
  FileDescriptor tool, worker;
};

Ends socket_pair() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    throw std::system_error(errno, std::generic_category(), "socketpair");
  }
  return {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

int milliseconds_until(WorkerProcess::Deadline deadline) {
  const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now()).count();
  return static_cast<int>(std::clamp<milliseconds::rep>(left, 0, 1'000'000));
}

}  // namespace

WorkerProcess::WorkerProcess(const std::string& spec, int shared_file) {
  Ends socket = socket_pair();
  OutputPipe output = output_pipe();
  pid_ = spawn_worker(spec, {socket.worker.get(), shared_file, output.write.get()});
  // Shows the worker's end even while a child of the kernel holds its end of the socket. Without pidfds such
  // a kernel times out.
  process_ = watch(pid_);
  socket_ = std::move(socket.tool);
  output_ = std::move(output.read);
}

WorkerProcess::~WorkerProcess() {
  if (pid_ > 0) kill_and_reap();
}

bool WorkerProcess::send(const void* message, std::size_t size) {
  ssize_t sent = 0;
  do {
    sent = ::send(socket_.get(), message, size, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  return sent == static_cast<ssize_t>(size);
}

WorkerProcess::Wait WorkerProcess::receive(void* message, std::size_t size, Deadline deadline) {
  std::array<pollfd, 3> files{
      {{socket_.get(), POLLIN, 0}, {process_.get(), POLLIN, 0}, {output_.get(), POLLIN, 0}}};
  while (true) {
    const int ready = ::poll(files.data(), files.size(), milliseconds_until(deadline));
    if (ready > 0 && files[0].revents != 0) {
      const ssize_t received = ::recv(socket_.get(), message, size, MSG_TRUNC);
      return received == static_cast<ssize_t>(size) ? Wait::received : Wait::ended;
    }
    if (ready > 0 && files[1].revents != 0) return Wait::ended;
    if (ready > 0) {
      drain(output_, tail_);
      if ((files[2].revents & POLLIN) == 0) files[2].fd = -1;  // the worker closed its standard output
    }
    if (steady_clock::now() >= deadline) return Wait::timed_out;
  }
}

void WorkerProcess::forget_output() {
  drain(output_, tail_);
  tail_.clear();
}

bool WorkerProcess::wait_for_exit(milliseconds limit) const {
  const auto deadline = steady_clock::now() + limit;
  while (true) {
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT);
    if (info.si_pid == pid_) return true;
    if (steady_clock::now() >= deadline) return false;
    std::this_thread::sleep_for(milliseconds(1));
  }
}

// The group first, while the worker's zombie still holds its number: children of the kernel die too.
int WorkerProcess::kill_and_reap() {
  ::kill(-pid_, SIGKILL);
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return status;
}

WorkerEnd WorkerProcess::end(const std::string& where) {
  // A dying process closes its socket a little before its status can be read.
  constexpr milliseconds kGrace{1000};
  const bool by_itself = wait_for_exit(kGrace);
  const int status = kill_and_reap();
  drain(output_, tail_);
  WorkerEnd end;
  if (by_itself) {
    end.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    end.text = describe_end(status) + where;
  } else {
    end.text = "broke the connection to attest";
  }
  if (const std::string line = tail_.last_line(); !line.empty())
    end.text += fmt::format("; it printed: {}", line);
  return end;
}

}  // namespace attest::kernel
