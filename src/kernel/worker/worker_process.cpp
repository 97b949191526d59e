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
#include "kernel/process/process_tree.hpp"
#include "kernel/worker/spawn.hpp"
#include "kernel/worker/supervisor.hpp"

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

// For processes that start others as fast as they are killed.
constexpr milliseconds kLongestKilling{5000};

int milliseconds_until(WorkerProcess::Deadline deadline) {
  const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now()).count();
  return static_cast<int>(std::clamp<milliseconds::rep>(left, 0, 1'000'000));
}

}  // namespace

WorkerProcess::WorkerProcess(const std::string& spec, int shared_file) {
  Ends socket = socket_pair();
  OutputPipe output = output_pipe();
  OutputPipe notes = output_pipe();
  supervisor_ = spawn_worker(spec, {socket.worker.get(), shared_file, notes.write.get(), output.write.get()});
  notes_ = std::move(notes.read);
  socket_ = std::move(socket.tool);
  output_ = std::move(output.read);
}

WorkerProcess::~WorkerProcess() {
  if (supervisor_ > 0) kill_and_reap();
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
      {{socket_.get(), POLLIN, 0}, {notes_.get(), POLLIN, 0}, {output_.get(), POLLIN, 0}}};
  while (true) {
    const int ready = ::poll(files.data(), files.size(), milliseconds_until(deadline));
    const bool noted = ready > 0 && files[1].revents != 0;
    if (noted && !status_) supervised_ = read_note(milliseconds(0));
    if (ready > 0 && files[0].revents != 0) {
      const ssize_t received = ::recv(socket_.get(), message, size, MSG_TRUNC);
      if (received == static_cast<ssize_t>(size)) return Wait::received;
      in_protocol_ = received <= 0;
      return Wait::ended;
    }
    if (status_ || !supervised_) return Wait::ended;
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

std::vector<std::string> WorkerProcess::printed() {
  drain(output_, tail_);
  return tail_.last_lines();
}

void WorkerProcess::end_left_processes() const { kill_descendants(supervisor_, kLongestKilling, worker_); }

bool WorkerProcess::is_stopped() const {
  const std::optional<ProcessEntry> process = worker_ > 0 ? find_process(worker_) : std::nullopt;
  return process && process->state == 'T';
}

bool WorkerProcess::read_note(milliseconds limit) {
  pollfd file{notes_.get(), POLLIN, 0};
  if (::poll(&file, 1, static_cast<int>(limit.count())) <= 0) return true;
  SupervisorNote note;
  if (::read(notes_.get(), &note, sizeof note) != static_cast<ssize_t>(sizeof note)) return false;
  if (note.kind == SupervisorNote::Kind::not_started) {
    start_error_ = note.status;
    return false;
  }
  worker_ = note.worker;
  if (note.kind == SupervisorNote::Kind::ended) status_ = note.status;
  return true;
}

bool WorkerProcess::wait_for_exit(milliseconds limit) {
  const auto deadline = steady_clock::now() + limit;
  while (supervised_ && !status_) {
    if (steady_clock::now() >= deadline) return false;
    supervised_ = read_note(milliseconds(milliseconds_until(deadline)));
  }
  return true;
}

// The supervisor last: it has adopted what the kernel started and abandoned.
void WorkerProcess::kill_and_reap() {
  constexpr milliseconds kReaping{1000};
  ::kill(supervisor_, SIGCONT);  // somebody may have stopped it
  kill_descendants(supervisor_, kLongestKilling);
  wait_for_exit(kReaping);
  ::kill(supervisor_, SIGKILL);
  int status = 0;
  while (::waitpid(supervisor_, &status, 0) < 0 && errno == EINTR) {
  }
  if (!status_) status_ = status;
  supervisor_ = worker_ = -1;
}

WorkerEnd WorkerProcess::end(const std::string& where, int announced) {
  // A dying process closes its socket a little before its status can be read.
  constexpr milliseconds kGrace{1000};
  const bool by_itself = wait_for_exit(in_protocol_ ? kGrace : milliseconds(0));
  kill_and_reap();
  const int status = *status_;
  drain(output_, tail_);
  WorkerEnd end;
  if (by_itself) {
    end.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    end.text = describe_end(status) + where;
  } else if (announced != 0) {
    end.signal = announced;
    end.text = describe_end(announced) + where;  // such a status is the signal's number
  } else {
    end.text = "broke the connection to attest";
  }
  if (const std::string line = tail_.last_line(); !line.empty())
    end.text += fmt::format("; it printed: {}", line);
  end.printed = tail_.last_lines();
  return end;
}

}  // namespace attest::kernel
