// Kernels that break the rules of the process they run in, one rule a function.
#include <array>
#include <cfenv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <stdexcept>

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attest/kernel.h"

namespace {

char* data(const DLTensor* t) { return static_cast<char*>(t->data); }

// Bytes of a contiguous tensor.
std::size_t size(const DLTensor* t) {
  std::size_t bytes = t->dtype.bits / 8U;
  for (int axis = 0; axis < t->ndim; ++axis) bytes *= static_cast<std::size_t>(t->shape[axis]);
  return bytes;
}

}  // namespace

extern "C" {

int returns_seven(const attest_forward* /*problem*/) { return 7; }
int returns_minus_one(const attest_forward* /*problem*/) { return -1; }
int declines(const attest_forward* /*problem*/) { return ATTEST_UNSUPPORTED; }
int writes_nothing(const attest_forward* /*problem*/) { return ATTEST_OK; }

int throws(const attest_forward* /*problem*/) { throw std::runtime_error("out of registers"); }
int throws_an_int(const attest_forward* /*problem*/) { throw 42; }

int aborts(const attest_forward* /*problem*/) {
  std::printf("first line\nscratch \x1b[31mexhausted\n\n");
  std::abort();
}

// Bad only on its second call in one process.
int crashes_every_second_time(const attest_forward* problem) {
  static int calls = 0;
  if (++calls == 2) std::raise(SIGFPE);
  std::memset(data(problem->out), 0, size(problem->out));
  return ATTEST_OK;
}

int prints_megabytes(const attest_forward* problem) {
  for (int line = 0; line < 100'000; ++line) std::printf("line %d of very many lines\n", line);
  std::memset(data(problem->out), 0, size(problem->out));
  return ATTEST_OK;
}

int prints_for_ever(const attest_forward* /*problem*/) {
  while (true) std::puts("still here");
}

int writes_past_out(const attest_forward* problem) {
  std::memset(data(problem->out), 0, size(problem->out) + 1);
  return ATTEST_OK;
}

int writes_before_lse(const attest_forward* problem) {
  data(problem->lse)[-1] = 0;
  return ATTEST_OK;
}

int flips_a_bit_of_v(const attest_forward* problem) {
  data(problem->v)[size(problem->v) - 1] ^= 1;
  return ATTEST_OK;
}

int reads_past_k(const attest_forward* problem) {
  const volatile char* past = data(problem->k) + size(problem->k);
  data(problem->out)[0] = *past;
  return ATTEST_OK;
}

int reads_before_k(const attest_forward* problem) {
  const volatile char* before = data(problem->k) - 1;
  data(problem->out)[0] = *before;
  return ATTEST_OK;
}

// What new memory holds, as the output.
int copies_fresh_heap(const attest_forward* problem) {
  for (const std::size_t bytes : {std::size_t{8}, std::size_t{100'000}, std::size_t{4} << 20}) {
    void* memory = std::malloc(bytes);
    std::memcpy(data(problem->out), memory, 8);
    std::free(memory);
  }
  return ATTEST_OK;
}

int copies_fresh_stack(const attest_forward* problem) {
  char memory[4096];
  const char* hidden = memory;
  asm volatile("" : "+r"(hidden) : : "memory");  // the compiler would refuse, or choose what to read
  std::memcpy(data(problem->out), hidden + 100, 8);
  return ATTEST_OK;
}

int uses_a_hundred_kilobytes_of_stack(const attest_forward* problem) {
  volatile char memory[100'000];
  for (std::size_t i = 0; i < sizeof memory; ++i) memory[i] = static_cast<char>(i);
  data(problem->out)[0] = memory[77];
  return ATTEST_OK;
}

int uses_eight_megabytes_of_heap(const attest_forward* problem) {
  constexpr std::size_t kBytes = std::size_t{8} << 20;
  char* memory = static_cast<char*>(std::malloc(kBytes));
  asm volatile("" : "+r"(memory) : : "memory");  // else the allocation would be optimised away
  std::memset(memory, 1, kBytes);
  data(problem->out)[0] = memory[kBytes / 2];
  std::free(memory);
  return ATTEST_OK;
}

int closes_every_descriptor(const attest_forward* /*problem*/) {
  for (int fd = 0; fd < 64; ++fd) ::close(fd);
  while (true) ::pause();
}

int leaves_a_child(const attest_forward* /*problem*/) {
  const pid_t child = ::fork();
  if (child == 0) {
    while (true) ::pause();
  }
  std::printf("child %d\n", static_cast<int>(child));
  std::abort();
}

// Through a function pointer that nobody set.
int calls_nowhere(const attest_forward* problem) {
  int (*volatile nowhere)(const attest_forward*) = nullptr;
  return nowhere(problem) + 1;
}

int signals_itself(const attest_forward* /*problem*/) {
  std::raise(SIGSEGV);
  return ATTEST_OK;
}

// The sanitizer would end the process in its own way.
__attribute__((noinline, no_sanitize("undefined"))) void* store_into_nothing(void* /*unused*/) {
  static volatile int* volatile nothing = nullptr;
  *nothing = 1;
  return nullptr;
}

// All at once.
int crashes_in_threads(const attest_forward* /*problem*/) {
  std::array<pthread_t, 4> threads_of_call{};
  for (pthread_t& thread : threads_of_call) ::pthread_create(&thread, nullptr, store_into_nothing, nullptr);
  for (const pthread_t thread : threads_of_call) ::pthread_join(thread, nullptr);
  return ATTEST_OK;
}

// What its child dies of is not the kernel's crash.
int has_a_child_that_crashes(const attest_forward* problem) {
  const pid_t child = ::fork();
  if (child == 0) store_into_nothing(nullptr);
  int status = 0;
  ::waitpid(child, &status, 0);
  std::memset(data(problem->out), WIFSIGNALED(status) ? 0 : 1, size(problem->out));
  return ATTEST_OK;
}

int prints_without_ending_the_line(const attest_forward* problem) {
  for (int line = 1; line <= 30; ++line) std::printf("line %d\n", line);
  std::fprintf(stderr, "to stderr: \x1b[31mred\x1b[0m\n");
  std::printf("tile 3");
  std::memset(data(problem->out), 0, size(problem->out));
  return ATTEST_OK;
}

// What lies before a tensor must not depend on the cases that ran before.
int copies_what_precedes_k(const attest_forward* problem) {
  std::memcpy(data(problem->out), data(problem->k) - 8, 8);
  return ATTEST_OK;
}

int leaves_rounding_upward(const attest_forward* /*problem*/) {
  std::fesetround(FE_UPWARD);
  return ATTEST_OK;
}

// 20 ms of a processor, however long that takes.
int computes_for_a_while(const attest_forward* problem) {
  timespec used{};
  timespec first{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &first);
  do {
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  } while ((used.tv_sec - first.tv_sec) * 1'000'000'000 + used.tv_nsec - first.tv_nsec < 20'000'000);
  std::memset(data(problem->out), 0, size(problem->out));
  return ATTEST_OK;
}

int handles_interrupts(const attest_forward* /*problem*/) {
  std::signal(SIGINT, SIG_IGN);
  return ATTEST_OK;
}

int threads = 0;
void attest_kernel_set_threads(int wanted) { threads = wanted; }

// Its number of threads in the first byte.
int tells_threads(const attest_forward* problem) {
  *static_cast<unsigned char*>(problem->out->data) = static_cast<unsigned char>(threads);
  return ATTEST_OK;
}

}  // extern "C"
