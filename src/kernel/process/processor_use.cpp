#include "kernel/process/processor_use.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include <sched.h>

namespace attest::kernel {
namespace {

using std::chrono::nanoseconds;

std::string first_line(const std::filesystem::path& file) {
  std::string line;
  std::ifstream in(file);
  std::getline(in, line);
  return line;
}

ProcessorUse since(const ProcessorUses& before, pid_t thread, const ProcessorUse& now) {
  const auto earlier = before.find(thread);
  if (earlier == before.end()) return now;
  return {now.ran - earlier->second.ran, now.waited - earlier->second.waited, now.ready};
}

nanoseconds ran_between(const ProcessorLooks& looks) {
  nanoseconds ran{0};
  for (const auto& [thread, use] : looks.after) ran += since(looks.before, thread, use).ran;
  return ran;
}

}  // namespace

ProcessorUses processor_uses(pid_t process) {
  ProcessorUses uses;
  std::error_code gone;
  std::filesystem::directory_iterator threads("/proc/" + std::to_string(process) + "/task", gone);
  for (; !gone && threads != std::filesystem::directory_iterator(); threads.increment(gone)) {
    const std::filesystem::path& folder = threads->path();
    long long ran = 0;
    long long waited = 0;
    if (std::sscanf(first_line(folder / "schedstat").c_str(), "%lld %lld", &ran, &waited) != 2) continue;
    const std::string status = first_line(folder / "stat");
    const std::size_t name_end = status.rfind(')');
    const bool ready = name_end != std::string::npos && status.compare(name_end, 3, ") R") == 0;
    uses[static_cast<pid_t>(std::atoi(folder.filename().c_str()))] = {nanoseconds(ran), nanoseconds(waited),
                                                                      ready};
  }
  return uses;
}

int processors_of(pid_t process) {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(process, sizeof set, &set) != 0) return 1;
  return std::max(1, CPU_COUNT(&set));
}

nanoseconds kept_waiting(const ProcessorLooks& looks) {
  nanoseconds longest{0};
  for (const auto& [thread, use] : looks.after)
    longest = std::max(longest, since(looks.before, thread, use).waited);
  const nanoseconds free_of_own = looks.apart - ran_between(looks) / looks.processors;
  return std::clamp(longest, nanoseconds(0), std::max(free_of_own, nanoseconds(0)));
}

bool waits_for_others(const ProcessorLooks& looks) {
  if (4 * ran_between(looks) >= 3 * looks.processors * looks.apart) return false;
  return std::any_of(looks.after.begin(), looks.after.end(), [&](const auto& entry) {
    const auto earlier = looks.before.find(entry.first);
    return earlier != looks.before.end() && earlier->second.ready && entry.second.ready &&
           earlier->second.ran == entry.second.ran;
  });
}

}  // namespace attest::kernel
