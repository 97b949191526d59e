#include "kernel/worker/spawn.hpp"

#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "kernel/kernel.hpp"
#include "kernel/process/child_process.hpp"
#include "kernel/worker/origin.hpp"
#include "kernel/worker/protocol.hpp"

namespace attest::kernel {
namespace {

constexpr std::string_view kTunables = "GLIBC_TUNABLES=";

std::vector<char*> inherited_environment() {
  std::vector<char*> entries;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    if (!std::string_view(*entry).starts_with(kTunables)) entries.push_back(*entry);
  }
  return entries;
}

std::string worker_tunables() {
  std::string tunables(kTunables);
  if (const char* own = std::getenv("GLIBC_TUNABLES")) tunables.append(own).append(":");
  return tunables + kWorkerTunable;
}

std::string& worker_executable() {
  static std::string path = "/proc/self/exe";
  return path;
}

// A copy with a number that no dup2 in the child overwrites.
FileDescriptor moved_up(int fd) {
  FileDescriptor copy(::fcntl(fd, F_DUPFD_CLOEXEC, 16));
  if (copy.get() < 0) throw std::system_error(errno, std::generic_category(), "fcntl");
  return copy;
}

}  // namespace

void set_worker_executable(std::string path) { worker_executable() = std::move(path); }

pid_t spawn_worker(const std::string& spec, const WorkerFiles& files) {
  if (std::getenv(kWorkerMark) != nullptr) {
    throw std::logic_error(
        "a worker must not start workers: main has to call worker_main (kernel/kernel.hpp)");
  }
  const FileDescriptor socket = moved_up(files.socket);
  const FileDescriptor memory = moved_up(files.memory);
  const FileDescriptor notes = moved_up(files.notes);
  const FileDescriptor output = moved_up(files.output);
  FileActions actions;
  actions.open_empty_input();
  actions.inherit(output.get(), STDOUT_FILENO);
  actions.inherit(output.get(), STDERR_FILENO);
  actions.inherit(socket.get(), kWorkerSocket);
  actions.inherit(memory.get(), kWorkerMemory);
  actions.inherit(notes.get(), kSupervisorNotes);
  actions.close_from(kSupervisorNotes + 1);
  std::string mark = std::string(kWorkerMark) + "=1";
  std::string tunables = worker_tunables();
  std::vector<char*> environment = inherited_environment();
  environment.insert(environment.end(), {mark.data(), tunables.data(), nullptr});
  return spawn_child(worker_executable(), actions,
                     {"host", kWorkerArgument, std::to_string(::getpid()), spec}, environment.data());
}

}  // namespace attest::kernel
