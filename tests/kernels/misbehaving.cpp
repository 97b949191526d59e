// Kernels that break the rules of the process they run in, one rule a function.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

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

// What lies before a tensor must not depend on the cases that ran before.
int copies_what_precedes_k(const attest_forward* problem) {
  std::memcpy(data(problem->out), data(problem->k) - 8, 8);
  return ATTEST_OK;
}

}  // extern "C"
