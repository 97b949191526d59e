// Which processes a kernel has left.
#include "kernel/process/process_tree.hpp"

#include <csignal>
#include <cstdio>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace attest::kernel {
namespace {

// A process that waits to be ended.
class Child {
 public:
  Child() : pid_(::fork()) {
    while (pid_ == 0) ::pause();
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_;
};

int next_descriptor() {
  const int next = ::dup(STDIN_FILENO);
  ::close(next);
  return next;
}

TEST(LeftProcesses, AreChildrenOfBoth) {
  const Child reaper;
  const LeftProcesses left(reaper.pid());
  EXPECT_EQ(left.count(), 1) << "the reaper is a child of this process";
  {
    const Child child;
    EXPECT_EQ(left.count(), 2);
  }
  EXPECT_EQ(left.count(), 1);
  EXPECT_GE(LeftProcesses(::getppid()).count(), 1);
}

TEST(LeftProcesses, AreNotReadFromAFileThatTookTheListsDescriptor) {
  const Child reaper;
  const int list = next_descriptor();
  const LeftProcesses left(reaper.pid());
  std::FILE* const other = std::tmpfile();
  std::fputs("1 ", other);  // a process that runs
  std::fflush(other);
  ::dup2(::fileno(other), list);
  EXPECT_EQ(left.count(), 1);
  std::fclose(other);
}

}  // namespace
}  // namespace attest::kernel
