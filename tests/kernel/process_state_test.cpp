// What is compared around every call, where several threads call at once.
#include "kernel/process/process_state.hpp"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/stat.h>

namespace attest::kernel {
namespace {

TEST(ProcessState, SeesNoChangeOfTheUmaskThatAnotherReaderMakes) {
  std::atomic<int> changes = 0;
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int call = 0; call < 5000; ++call) {
        const ProcessState before = ProcessState::now();
        if (!before.changes(ProcessState::now()).empty()) ++changes;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(changes, 0);
}

TEST(ProcessState, SeesAndPutsBackAChangedUmask) {
  const ProcessState before = ProcessState::now();
  const mode_t old = ::umask(0123);
  EXPECT_EQ(before.changes(ProcessState::now()), "the umask");
  before.restore();
  EXPECT_EQ(::umask(old), old);
}

}  // namespace
}  // namespace attest::kernel
