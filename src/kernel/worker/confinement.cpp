#include "kernel/worker/confinement.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <new>
#include <string_view>
#include <vector>

#include <sys/mman.h>
#include <unistd.h>

#if defined(ATTEST_HAS_SECCOMP)
#include <fcntl.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <ucontext.h>

#include "kernel/worker/protocol.hpp"
#endif

namespace attest::kernel {
namespace {

enum class Attempt : unsigned {
  handles_segv,
  handles_bus,
  signals,
  traces,
  outlives,
  connects,
  changes_system,
  resizes,
};

constexpr std::array<std::string_view, 8> kClauses{
    "sets a handler of signal 11 (Segmentation fault)",
    "sets a handler of signal 7 (Bus error)",
    "tries to signal another process",
    "tries to trace or read another process",
    "tries to start a session that outlives it",
    "tries to use the network",
    "tries to change the system",
    "tries to resize the memory that holds the tensors",
};

// On a page that child processes share, so that theirs are noted too.
std::atomic<std::uint32_t>* attempts = nullptr;

#if defined(ATTEST_HAS_SECCOMP)

void note(Attempt attempt) { attempts->fetch_or(1U << static_cast<unsigned>(attempt)); }

// A system call with this as its last argument passes: the handler's own.
std::uint64_t pass = 0;

struct Denied {
  int call;
  Attempt attempt;
};

// On any arguments.
constexpr std::array kDenied{
    Denied{SYS_tkill, Attempt::signals},
    Denied{SYS_rt_sigqueueinfo, Attempt::signals},
    Denied{SYS_rt_tgsigqueueinfo, Attempt::signals},
    Denied{SYS_pidfd_send_signal, Attempt::signals},
    Denied{SYS_ptrace, Attempt::traces},
    Denied{SYS_process_vm_readv, Attempt::traces},
    Denied{SYS_process_vm_writev, Attempt::traces},
    Denied{SYS_pidfd_getfd, Attempt::traces},
    Denied{SYS_setsid, Attempt::outlives},
    Denied{SYS_mount, Attempt::changes_system},
    Denied{SYS_umount2, Attempt::changes_system},
    Denied{SYS_pivot_root, Attempt::changes_system},
    Denied{SYS_chroot, Attempt::changes_system},
    Denied{SYS_reboot, Attempt::changes_system},
    Denied{SYS_setns, Attempt::changes_system},
    Denied{SYS_unshare, Attempt::changes_system},
    Denied{SYS_init_module, Attempt::changes_system},
    Denied{SYS_finit_module, Attempt::changes_system},
    Denied{SYS_delete_module, Attempt::changes_system},
    Denied{SYS_kexec_load, Attempt::changes_system},
    Denied{SYS_swapon, Attempt::changes_system},
    Denied{SYS_swapoff, Attempt::changes_system},
    Denied{SYS_sethostname, Attempt::changes_system},
    Denied{SYS_settimeofday, Attempt::changes_system},
    Denied{SYS_clock_settime, Attempt::changes_system},
    Denied{SYS_bpf, Attempt::changes_system},
};

// Libraries ask for these to see whether they are there: denied, and no sign of harm.
constexpr std::array kMissing{SYS_io_uring_setup,  SYS_io_uring_enter, SYS_io_uring_register, SYS_userfaultfd,
                              SYS_perf_event_open, SYS_add_key,        SYS_request_key,       SYS_keyctl};

#if defined(__x86_64__)
std::uint64_t argument(const mcontext_t& machine, int n) {
  constexpr std::array kRegisters{REG_RDI, REG_RSI, REG_RDX, REG_R10, REG_R8, REG_R9};
  return static_cast<std::uint64_t>(machine.gregs[kRegisters.at(static_cast<std::size_t>(n))]);
}
void give_result(mcontext_t& machine, long result) { machine.gregs[REG_RAX] = result; }
#elif defined(__aarch64__)
std::uint64_t argument(const mcontext_t& machine, int n) { return machine.regs[n]; }
void give_result(mcontext_t& machine, long result) { machine.regs[0] = static_cast<std::uint64_t>(result); }
#else
#error "confinement.cpp: say where this machine has the arguments of a system call"
#endif

long perform(int call, const mcontext_t& machine) {
  const long result = ::syscall(call, argument(machine, 0), argument(machine, 1), argument(machine, 2),
                                argument(machine, 3), argument(machine, 4), pass);
  return result < 0 ? -errno : result;
}

long handle_sigaction(const mcontext_t& machine) {
  const auto signal = static_cast<int>(argument(machine, 0));
  if (signal == SIGSYS) return 0;  // as if it were set
  const auto* wanted = reinterpret_cast<void* const*>(argument(machine, 1));
  if (wanted != nullptr && *wanted != reinterpret_cast<void*>(SIG_DFL))
    note(signal == SIGSEGV ? Attempt::handles_segv : Attempt::handles_bus);
  return perform(SYS_rt_sigaction, machine);
}

// Of the calls that depend on their arguments; children of the worker signal themselves.
long handle(int call, const mcontext_t& machine) {
  switch (call) {
    case SYS_rt_sigaction:
      return handle_sigaction(machine);
    case SYS_kill:
    case SYS_tgkill:
      if (static_cast<pid_t>(argument(machine, 0)) == ::getpid()) return perform(call, machine);
      note(Attempt::signals);
      return -EPERM;
    case SYS_socket: {
      const auto domain = static_cast<int>(argument(machine, 0));
      if (domain != AF_UNIX && domain != AF_NETLINK) note(Attempt::connects);
      return -EACCES;
    }
    case SYS_prctl:
      note(Attempt::outlives);
      return -EPERM;
    case SYS_ftruncate:
    case SYS_fallocate:
      note(Attempt::resizes);
      return -EPERM;
    default:
      for (const Denied& denied : kDenied) {
        if (denied.call == call) note(denied.attempt);
      }
      return -EPERM;
  }
}

void on_denied(int /*signal*/, siginfo_t* info, void* context) {
  const int saved = errno;
  mcontext_t& machine = static_cast<ucontext_t*>(context)->uc_mcontext;
  give_result(machine, handle(info->si_syscall, machine));
  errno = saved;
}

class Filter {
 public:
  Filter() : context_(::seccomp_init(SCMP_ACT_ALLOW)) {}
  Filter(const Filter&) = delete;
  Filter& operator=(const Filter&) = delete;
  ~Filter() { ::seccomp_release(context_); }

  template <class... Comparisons>
  void trap(int call, Comparisons... comparisons) {
    add(SCMP_ACT_TRAP, call, comparisons...);
  }
  void report_missing(int call) { add(SCMP_ACT_ERRNO(ENOSYS), call); }

  /// An error number; 0 when the filter works.
  int load(FilterReach reach) {
    // Without this the processor's speculation would be restrained, and kernels be slower than in production.
    set(SCMP_FLTATR_CTL_SSB, 1);
    set(SCMP_FLTATR_CTL_OPTIMIZE, 2);
    if (reach == FilterReach::all_threads) set(SCMP_FLTATR_CTL_TSYNC, 1);
    return error_ != 0 ? error_ : -::seccomp_load(context_);
  }

 private:
  template <class... Comparisons>
  void add(std::uint32_t action, int call, Comparisons... comparisons) {
    const std::array<scmp_arg_cmp, sizeof...(comparisons)> list{comparisons...};
    const int result =
        ::seccomp_rule_add_array(context_, action, call, static_cast<unsigned>(list.size()), list.data());
    if (result < 0 && error_ == 0) error_ = -result;
  }
  void set(scmp_filter_attr attribute, std::uint32_t value) {
    ::seccomp_attr_set(context_, attribute, value);  // of a library that does not know it: slower, as safe
  }

  scmp_filter_ctx context_;
  int error_ = 0;
};

void add_rules(Filter& filter, FilterReach reach) {
  const auto self = static_cast<std::uint32_t>(::getpid());
  const scmp_arg_cmp not_own = SCMP_CMP64(5, SCMP_CMP_NE, pass);
  for (const Denied& denied : kDenied) filter.trap(denied.call);
  for (const long call : kMissing) filter.report_missing(static_cast<int>(call));
  for (const int call : {SYS_kill, SYS_tgkill}) filter.trap(call, SCMP_CMP32(0, SCMP_CMP_NE, self), not_own);
  // A call that traps while SIGSYS is blocked, or in a program without this handler, ends the process. An
  // interpreter starts programs with all signals blocked, resetting handlers, and compilers set handlers of
  // their own.
  const bool starts_programs = reach == FilterReach::all_threads;
  for (const int signal : starts_programs ? std::vector<int>{} : std::vector{SIGSEGV, SIGBUS, SIGSYS}) {
    filter.trap(SYS_rt_sigaction, SCMP_CMP32(0, SCMP_CMP_EQ, static_cast<std::uint32_t>(signal)),
                SCMP_CMP64(1, SCMP_CMP_NE, 0), not_own);
  }
  filter.trap(SYS_socket);
  for (const std::uint32_t option :
       {std::uint32_t{PR_SET_CHILD_SUBREAPER}, std::uint32_t{PR_SET_PDEATHSIG}}) {
    filter.trap(SYS_prctl, SCMP_CMP32(0, SCMP_CMP_EQ, option));
  }
  const std::uint32_t memory = kWorkerMemory;
  for (const int call : {SYS_ftruncate, SYS_fallocate}) {
    filter.trap(call, SCMP_CMP32(0, SCMP_CMP_EQ, memory));
  }
}

#endif

}  // namespace

std::string confine(FilterReach reach) {
#if defined(ATTEST_HAS_SECCOMP)
  void* page = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED || ::getrandom(&pass, sizeof pass, 0) < 0) return "no memory for its notes";
  attempts = new (page) std::atomic<std::uint32_t>(0);
  struct sigaction action {};
  action.sa_sigaction = on_denied;
  action.sa_flags = static_cast<int>(SA_SIGINFO | SA_NODEFER);
  ::sigaction(SIGSYS, &action, nullptr);
  Filter filter;
  add_rules(filter, reach);
  if (const int error = filter.load(reach); error != 0)
    return std::string("the system refuses a filter of system calls: ") + ::strerrordesc_np(error);
  return "";
#else
  static_cast<void>(reach);
  return "attest was built without libseccomp";
#endif
}

std::string take_attempts(Sessions sessions) {
  if (attempts == nullptr) return "";
  std::uint32_t seen = attempts->exchange(0);
  if (sessions == Sessions::left_out) seen &= ~(1U << static_cast<unsigned>(Attempt::outlives));
  std::string text;
  for (std::size_t i = 0; i < kClauses.size(); ++i) {
    if ((seen >> i & 1U) == 0) continue;
    text += text.empty() ? "" : "; ";
    text += kClauses.at(i);
  }
  return text;
}

}  // namespace attest::kernel
