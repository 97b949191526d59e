#include "kernel/worker/worker_guard.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <initializer_list>
#include <string>

#include <sys/resource.h>

#if defined(__SANITIZE_ADDRESS__)
namespace {

bool guarded = false;

}  // namespace

// LeakSanitizer traces its own process at the end, which a worker may not: it would wait for ever. Leaks of
// kernels are the law "leak"'s concern. The name is the sanitizer's, which asks it.
extern "C" int __lsan_is_turned_off();                             // NOLINT(bugprone-reserved-identifier)
extern "C" int __lsan_is_turned_off() { return guarded ? 1 : 0; }  // NOLINT(bugprone-reserved-identifier)
#endif

namespace attest::kernel {
namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr bool kSanitized = true;  // its shadow memory counts as address space and data
#else
constexpr bool kSanitized = false;
#endif

// Never above what the user allows. Soft and hard, so that a kernel without privileges cannot raise it.
void lower(__rlimit_resource resource, rlim_t wanted) {
  rlimit limit{};
  if (::getrlimit(resource, &limit) != 0) return;
  const rlim_t value = std::min({wanted, limit.rlim_cur, limit.rlim_max});
  limit = {value, value};
  ::setrlimit(resource, &limit);
}

// Three quarters of the memory that is free: a kernel that allocates without end is told so before the
// machine runs out.
rlim_t affordable_memory() {
  constexpr rlim_t kLeast = rlim_t{2} << 30;
  std::ifstream file("/proc/meminfo");
  std::string name;
  rlim_t kilobytes = 0;
  while (file >> name >> kilobytes) {
    if (name == "MemAvailable:") return std::max(kLeast, kilobytes / 4 * 3 * 1024);
    file.ignore(100, '\n');
  }
  return RLIM_INFINITY;
}

// Where it does run out of memory, the worker goes first and not the tool.
void volunteer() { std::ofstream("/proc/self/oom_score_adj") << 1000; }

void limit_resources() {
  constexpr rlim_t kAddresses = rlim_t{1} << 42;  // sparse tensors take much of it
  constexpr rlim_t kFileBytes = rlim_t{256} << 20;
  constexpr rlim_t kDescriptors = 4096;
  if (!kSanitized) {
    lower(RLIMIT_DATA, affordable_memory());
    lower(RLIMIT_AS, kAddresses);
  }
  lower(RLIMIT_FSIZE, kFileBytes);
  lower(RLIMIT_NOFILE, kDescriptors);
  volunteer();
}

// A limit of one byte also keeps core_pattern's pipe from being started, which a limit of 0 does not.
void leave_no_core() {
  const rlimit limit{1, 1};
  ::setrlimit(RLIMIT_CORE, &limit);
}

}  // namespace

void guard_worker() {
#if defined(__SANITIZE_ADDRESS__)
  guarded = true;
#endif
  leave_no_core();
  limit_resources();
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP}) ::signal(signal, SIG_DFL);
  ::setvbuf(stdout, nullptr, _IOLBF, 0);
}

}  // namespace attest::kernel
