#include "kernel/process/process_state.hpp"

#include <cfenv>
#include <cstring>
#include <string_view>

#include <fmt/format.h>
#include <unistd.h>
#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace attest::kernel {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kFlush = 0x8040;  // flush to zero, denormals are zero
std::uint32_t flush_bits() { return _mm_getcsr() & kFlush; }
void set_flush_bits(std::uint32_t bits) { _mm_setcsr((_mm_getcsr() & ~kFlush) | bits); }
#elif defined(__aarch64__)
constexpr std::uint64_t kFlush = std::uint64_t{1} << 24;  // FZ
std::uint64_t control() {
  std::uint64_t fpcr = 0;
  asm volatile("mrs %0, fpcr" : "=r"(fpcr));
  return fpcr;
}
std::uint32_t flush_bits() { return static_cast<std::uint32_t>(control() & kFlush); }
void set_flush_bits(std::uint32_t bits) {
  const std::uint64_t fpcr = (control() & ~kFlush) | bits;
  asm volatile("msr fpcr, %0" : : "r"(fpcr));
}
#else
std::uint32_t flush_bits() { return 0; }
void set_flush_bits(std::uint32_t) {}
#endif

bool can_be_handled(int signal) { return signal != 0 && signal != SIGKILL && signal != SIGSTOP; }

bool same_handler(const struct sigaction& a, const struct sigaction& b) {
  // sa_handler and sa_sigaction share storage.
  return a.sa_handler == b.sa_handler;
}

}  // namespace

ProcessState ProcessState::now() {
  ProcessState state;
  state.rounding_ = std::fegetround();
  state.traps_ = ::fegetexcept();
  state.flushes_ = flush_bits();
  for (int signal = 0; signal < kSignals; ++signal) {
    if (can_be_handled(signal))
      ::sigaction(signal, nullptr, &state.handlers_[static_cast<std::size_t>(signal)]);
  }
  ::sched_getaffinity(0, sizeof state.affinity_, &state.affinity_);
  if (::getcwd(state.directory_.data(), state.directory_.size()) == nullptr) state.directory_[0] = '\0';
  return state;
}

std::string ProcessState::changes(const ProcessState& after) const {
  std::string text;
  const auto add = [&](bool changed, std::string_view what) {
    if (changed) text += (text.empty() ? "" : ", ") + std::string(what);
  };
  add(rounding_ != after.rounding_, "the rounding mode");
  add(flushes_ != after.flushes_, "whether subnormals are flushed to zero");
  add(traps_ != after.traps_, "floating-point traps");
  for (int signal = 0; signal < kSignals; ++signal) {
    const auto at = static_cast<std::size_t>(signal);
    const char* name = ::sigdescr_np(signal);
    add(!same_handler(handlers_[at], after.handlers_[at]),
        fmt::format("the handler of signal {} ({})", signal, name != nullptr ? name : "unnamed"));
  }
  add(CPU_EQUAL(&affinity_, &after.affinity_) == 0, "the CPU affinity");
  add(std::string_view(directory_.data()) != after.directory_.data(), "the working directory");
  return text;
}

void ProcessState::restore() const {
  std::fesetround(rounding_);
  ::fedisableexcept(FE_ALL_EXCEPT);
  ::feenableexcept(traps_);
  set_flush_bits(flushes_);
  for (int signal = 0; signal < kSignals; ++signal) {
    if (can_be_handled(signal)) ::sigaction(signal, &handlers_[static_cast<std::size_t>(signal)], nullptr);
  }
  ::sched_setaffinity(0, sizeof affinity_, &affinity_);
  if (directory_[0] != '\0' && ::chdir(directory_.data()) != 0) return;  // it is gone: nothing to put back
}

}  // namespace attest::kernel
