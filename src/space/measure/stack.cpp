#include "space/measure/stack.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <stdexcept>

#include <pthread.h>
#include <sys/mman.h>

namespace attest::space {
namespace {

constexpr std::size_t kStackBytes = 1U << 20U;
constexpr unsigned char kPaint = 0xa5;

struct Call {
  const std::function<void()>* body;
  const unsigned char* entry = nullptr;
};

void* enter(void* argument) {
  const unsigned char here = kPaint;
  Call& call = *static_cast<Call*>(argument);
  call.entry = &here;
  (*call.body)();
  return nullptr;
}

struct Unmap {
  void operator()(unsigned char* memory) const { munmap(memory, kStackBytes); }
};

}  // namespace

std::size_t stack_bytes_of(const std::function<void()>& body) {
  void* const mapped = mmap(nullptr, kStackBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) throw std::runtime_error("no memory for a stack");
  const std::unique_ptr<unsigned char, Unmap> stack(static_cast<unsigned char*>(mapped));
  std::memset(stack.get(), kPaint, kStackBytes);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstack(&attributes, stack.get(), kStackBytes);
  Call call{&body};
  pthread_t thread{};
  const int failed = pthread_create(&thread, &attributes, enter, &call);
  pthread_attr_destroy(&attributes);
  if (failed != 0) throw std::runtime_error("cannot start a thread to measure a stack");
  pthread_join(thread, nullptr);
  const unsigned char* const deepest =
      std::find_if(stack.get(), stack.get() + kStackBytes, [](unsigned char byte) { return byte != kPaint; });
  return static_cast<std::size_t>(call.entry - deepest);
}

}  // namespace attest::space
