#include "kernel/worker/worker_guard.hpp"

#include <csignal>
#include <cstdio>
#include <initializer_list>

#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace attest::kernel {
namespace {

pid_t tool_process = -1;

// PR_SET_PDEATHSIG fires when the *thread* that spawned the worker ends. Only when the whole tool is gone has
// the parent changed; hence a handler instead of SIGKILL.
void on_parent_thread_end(int /*signal*/) {
  if (::getppid() != tool_process) ::_exit(0);
}

void die_with(pid_t tool) {
  tool_process = tool;
  const int signal = SIGRTMAX - 1;
  struct sigaction action {};
  action.sa_handler = on_parent_thread_end;
  action.sa_flags = SA_RESTART;
  ::sigaction(signal, &action, nullptr);
  ::prctl(PR_SET_PDEATHSIG, signal);
  on_parent_thread_end(signal);  // it may have died before prctl
}

// A limit of one byte also keeps core_pattern's pipe from being started, which a limit of 0 does not.
void leave_no_core() {
  const rlimit limit{1, 1};
  ::setrlimit(RLIMIT_CORE, &limit);
}

}  // namespace

void guard_worker(pid_t tool) {
  die_with(tool);
  leave_no_core();
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP}) ::signal(signal, SIG_DFL);
  ::setvbuf(stdout, nullptr, _IOLBF, 0);
}

}  // namespace attest::kernel
