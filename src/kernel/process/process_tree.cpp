#include "kernel/process/process_tree.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <thread>

#include <dirent.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace attest::kernel {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

using Contents = std::array<char, 4096>;

// Ended by '\0'; empty when there is no such file. On the stack: this also runs where the heap is watched.
Contents read_short(int file) {
  Contents text{};
  if (file >= 0 && ::pread(file, text.data(), text.size() - 1, 0) < 0) text[0] = '\0';
  return text;
}
Contents read_short(const char* path) {
  return read_short(FileDescriptor(::open(path, O_RDONLY | O_CLOEXEC)).get());
}

bool has_ended(const ProcessEntry& process) { return process.state == 'Z' || process.state == 'X'; }

// As the system lists them: those that one thread of the process started, or its main thread adopted.
FileDescriptor open_list_of_children(pid_t process, pid_t thread) {
  std::array<char, 64> path{};
  std::snprintf(path.data(), path.size(), "/proc/%d/task/%d/children", process, thread);
  return FileDescriptor(::open(path.data(), O_RDONLY | O_CLOEXEC));
}

std::vector<pid_t> listed_children(const FileDescriptor& list) {
  const Contents text = read_short(list.get());
  std::vector<pid_t> children;
  for (const char* at = text.data(); *at != '\0';) {
    char* end = nullptr;
    const long pid = std::strtol(at, &end, 10);
    if (end == at) break;
    children.push_back(static_cast<pid_t>(pid));
    at = end;
  }
  return children;
}

std::vector<pid_t> listed_children(pid_t process, pid_t thread) {
  return listed_children(open_list_of_children(process, thread));
}

bool lists_children() {
  static const bool lists = ::access("/proc/thread-self/children", R_OK) == 0;
  return lists;
}

std::vector<pid_t> numbers_in(const std::string& path) {
  std::vector<pid_t> numbers;
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(path.c_str()), ::closedir);
  while (const dirent* entry = folder == nullptr ? nullptr : ::readdir(folder.get())) {
    if (std::isdigit(static_cast<unsigned char>(entry->d_name[0])) != 0)
      numbers.push_back(static_cast<pid_t>(std::atol(entry->d_name)));
  }
  return numbers;
}

// Where the system does not list children, every process is asked for its parent.
std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> children;
  if (lists_children()) {
    for (const pid_t thread : numbers_in("/proc/" + std::to_string(parent) + "/task")) {
      for (const pid_t child : listed_children(parent, thread)) children.push_back(child);
    }
    return children;
  }
  for (const pid_t pid : numbers_in("/proc")) {
    const auto process = find_process(pid);
    if (process && process->parent == parent) children.push_back(pid);
  }
  return children;
}

}  // namespace

std::optional<ProcessEntry> find_process(pid_t pid) {
  std::array<char, 64> path{};
  std::snprintf(path.data(), path.size(), "/proc/%d/stat", pid);
  const Contents text = read_short(path.data());
  // The name in parentheses may hold anything, so the fields after it begin at the last of them.
  const char* const name_end = std::strrchr(text.data(), ')');
  ProcessEntry process;
  process.pid = pid;
  if (name_end == nullptr || std::sscanf(name_end, ") %c %d", &process.state, &process.parent) != 2)
    return std::nullopt;
  return process;
}

std::vector<ProcessEntry> descendants_of(pid_t root) {
  std::vector<pid_t> family{root};
  std::vector<ProcessEntry> found;
  for (std::size_t i = 0; i < family.size(); ++i) {
    for (const pid_t child : children_of(family[i])) {
      family.push_back(child);
      const auto process = find_process(child);
      if (process && !has_ended(*process)) found.push_back(*process);
    }
  }
  return found;
}

void kill_descendants(pid_t root, milliseconds limit, pid_t but) {
  const auto deadline = steady_clock::now() + limit;
  while (true) {
    std::vector<ProcessEntry> left = descendants_of(root);
    left.erase(std::remove_if(left.begin(), left.end(), [&](const ProcessEntry& p) { return p.pid == but; }),
               left.end());
    if (left.empty()) return;
    for (const ProcessEntry& process : left) ::kill(process.pid, SIGKILL);
    if (steady_clock::now() >= deadline) return;
    std::this_thread::sleep_for(milliseconds(1));
  }
}

LeftProcesses::LeftProcesses(pid_t reaper) : reaper_(reaper), list_(open_list_of_children(reaper, reaper)) {
  if (list_.get() < 0 || ::fstat(list_.get(), &opened_) != 0) opened_ = {};
}

bool LeftProcesses::is_still_open() const {
  struct stat now {};
  return ::fstat(list_.get(), &now) == 0 && now.st_dev == opened_.st_dev && now.st_ino == opened_.st_ino;
}

std::vector<pid_t> LeftProcesses::adopted() const {
  return is_still_open() ? listed_children(list_) : listed_children(reaper_, reaper_);
}

int LeftProcesses::count() const {
  siginfo_t info{};
  const bool childless = ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 && errno == ECHILD;
  const std::vector<pid_t> children = adopted();
  auto count = static_cast<int>(std::count_if(children.begin(), children.end(), [](pid_t child) {
    const auto process = child == ::getpid() ? std::nullopt : find_process(child);
    return process && !has_ended(*process);  // those of an earlier call may wait to be reaped
  }));
  if (!childless) count += std::max(1, static_cast<int>(listed_children(::getpid(), ::getpid()).size()));
  return count;
}

}  // namespace attest::kernel
