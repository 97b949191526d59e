#include "kernel/spawn.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include "kernel/file_descriptor.hpp"
#include "kernel/kernel.hpp"
#include "kernel/protocol.hpp"
#include "kernel/worker_process.hpp"

namespace attest {
namespace {

// In the environment of every worker. A program whose main does not know kWorkerArgument would run itself as
// its own worker, and that one again.
constexpr const char* kWorkerMark = "ATTEST_WORKER";

constexpr std::string_view kTunables = "GLIBC_TUNABLES=";

std::vector<char*> inherited_environment() {
  std::vector<char*> entries;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    if (!std::string_view(*entry).starts_with(kTunables)) entries.push_back(*entry);
  }
  return entries;
}

// Small allocations that a thread's cache hands out are not filled by M_PERTURB, so a worker has no such
// cache.
std::string worker_tunables() {
  std::string tunables(kTunables);
  if (const char* own = std::getenv("GLIBC_TUNABLES")) tunables.append(own).append(":");
  return tunables + "glibc.malloc.tcache_count=0";
}

std::string& worker_executable() {
  static std::string path = "/proc/self/exe";
  return path;
}

void require(int error, const char* what) {
  if (error != 0) throw std::system_error(error, std::generic_category(), what);
}

// A copy with a number that no dup2 in the child overwrites.
FileDescriptor moved_up(int fd) {
  FileDescriptor copy(::fcntl(fd, F_DUPFD_CLOEXEC, 16));
  if (copy.get() < 0) require(errno, "fcntl");
  return copy;
}

class FileActions {
 public:
  FileActions() { require(::posix_spawn_file_actions_init(&actions_), "posix_spawn_file_actions_init"); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }

  void inherit(int from, int to) { require(::posix_spawn_file_actions_adddup2(&actions_, from, to), "dup2"); }
  void open_empty_input() {
    require(::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0),
            "/dev/null");
  }
  void close_from(int fd) { require(::posix_spawn_file_actions_addclosefrom_np(&actions_, fd), "closefrom"); }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

class Attributes {
 public:
  Attributes() {
    require(::posix_spawnattr_init(&attributes_), "posix_spawnattr_init");
    sigset_t none;
    sigset_t all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    ::posix_spawnattr_setflags(&attributes_,
                               POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  ~Attributes() { ::posix_spawnattr_destroy(&attributes_); }
  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

}  // namespace

void set_worker_executable(std::string path) { worker_executable() = std::move(path); }

pid_t spawn_worker(const std::string& spec, const WorkerFiles& files) {
  if (std::getenv(kWorkerMark) != nullptr) {
    throw std::logic_error(
        "a worker must not start workers: main has to call worker_main (kernel/kernel.hpp)");
  }
  const FileDescriptor socket = moved_up(files.socket);
  const FileDescriptor memory = moved_up(files.memory);
  const FileDescriptor output = moved_up(files.output);
  FileActions actions;
  actions.open_empty_input();
  actions.inherit(output.get(), STDOUT_FILENO);
  actions.inherit(output.get(), STDERR_FILENO);
  actions.inherit(socket.get(), kWorkerSocket);
  actions.inherit(memory.get(), kWorkerMemory);
  actions.close_from(kWorkerMemory + 1);
  const Attributes attributes;

  std::array<std::string, 4> words{"attest", kWorkerArgument, std::to_string(::getpid()), spec};
  std::array<char*, 5> arguments{words[0].data(), words[1].data(), words[2].data(), words[3].data(), nullptr};
  std::string mark = std::string(kWorkerMark) + "=1";
  std::string tunables = worker_tunables();
  std::vector<char*> environment = inherited_environment();
  environment.insert(environment.end(), {mark.data(), tunables.data(), nullptr});
  const std::string& path = worker_executable();
  pid_t pid = -1;
  require(::posix_spawn(&pid, path.c_str(), actions.get(), attributes.get(), arguments.data(),
                        environment.data()),
          path.c_str());
  return pid;
}

}  // namespace attest
