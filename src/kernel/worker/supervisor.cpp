#include "kernel/worker/supervisor.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/process/process_tree.hpp"
#include "kernel/worker/protocol.hpp"

namespace attest::kernel {
namespace {

int parent_thread_ended() { return SIGRTMAX - 1; }

void write_note(const SupervisorNote& note) {
  while (::write(kSupervisorNotes, &note, sizeof note) < 0 && errno == EINTR) {
  }
}

void reap(pid_t worker) {
  int status = 0;
  pid_t ended = 0;
  while ((ended = ::waitpid(-1, &status, WNOHANG)) > 0) {
    if (ended == worker) write_note({SupervisorNote::Kind::ended, worker, status});
  }
}

// PR_SET_PDEATHSIG fires when the *thread* that started this process ends. Only when the whole tool is gone
// has the parent changed.
[[noreturn]] void supervise(pid_t tool, pid_t worker, const sigset_t& signals) {
  ::close(kWorkerSocket);
  ::close(kWorkerMemory);
  while (true) {
    if (::getppid() != tool) {
      kill_descendants(::getpid(), std::chrono::seconds(5));
      ::_exit(0);
    }
    reap(worker);
    ::sigwaitinfo(&signals, nullptr);
  }
}

}  // namespace

void split_off_worker(pid_t tool) {
  // Blocked, they wait for sigwaitinfo, so none is missed.
  sigset_t signals;
  sigset_t before;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGCHLD);
  ::sigaddset(&signals, parent_thread_ended());
  ::sigprocmask(SIG_BLOCK, &signals, &before);
  ::prctl(PR_SET_PDEATHSIG, parent_thread_ended());
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  const pid_t supervisor = ::getpid();
  const pid_t worker = ::fork();
  if (worker < 0) {
    write_note({SupervisorNote::Kind::not_started, 0, errno});
    ::_exit(70);
  }
  if (worker > 0) supervise(tool, worker, signals);
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != supervisor) ::_exit(0);
  ::setpgid(0, 0);
  write_note({SupervisorNote::Kind::started, ::getpid(), 0});
  ::close(kSupervisorNotes);
}

}  // namespace attest::kernel
