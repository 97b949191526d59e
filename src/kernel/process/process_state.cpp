#include "kernel/process/process_state.hpp"

#include <algorithm>
#include <clocale>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <mutex>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

namespace attest::kernel {
namespace {

constexpr std::array<std::string_view, RLIM_NLIMITS> kLimitNames{
    "CPU time",       "file size",     "data size",          "stack size",
    "core size",      "resident",      "processes",          "open files",
    "locked memory",  "address space", "file locks",         "pending signals",
    "message queues", "nice",          "real-time priority", "real-time CPU time"};

bool can_be_handled(int signal) { return signal != 0 && signal != SIGKILL && signal != SIGSTOP; }

bool same_handler(const struct sigaction& a, const struct sigaction& b) {
  // sa_handler and sa_sigaction share storage.
  return a.sa_handler == b.sa_handler;
}

std::string signal_name(int signal) {
  const char* name = ::sigdescr_np(signal);
  return fmt::format("signal {} ({})", signal, name != nullptr ? name : "unnamed");
}

std::string working_directory() {
  std::array<char, 4096> path{};
  return ::getcwd(path.data(), path.size()) != nullptr ? path.data() : "";
}

std::string joined_variables() {
  std::string all;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    all += *entry;
    all += '\0';
  }
  return all;
}

std::set<std::string> separate(const std::string& variables) {
  std::set<std::string> all;
  for (std::size_t at = 0; at < variables.size();) {
    const std::string entry = variables.c_str() + at;
    at += entry.size() + 1;
    all.insert(entry);
  }
  return all;
}

// OpenMP runtimes announce themselves to each other by a variable when they are loaded.
bool is_announcement(const std::string& name) { return name.starts_with("__KMP_REGISTERED_LIB_"); }

// Names of the variables that are not in both.
std::set<std::string> changed_variables(const std::string& before, const std::string& after) {
  const std::set<std::string> old = separate(before);
  const std::set<std::string> present = separate(after);
  std::vector<std::string> differing;
  std::set_symmetric_difference(old.begin(), old.end(), present.begin(), present.end(),
                                std::back_inserter(differing));
  std::set<std::string> names;
  for (const std::string& entry : differing) {
    std::string name = entry.substr(0, entry.find('='));
    if (!is_announcement(name)) names.insert(std::move(name));
  }
  return names;
}

std::string words_for_variables(const std::set<std::string>& names) {
  constexpr std::size_t kShown = 3;
  std::vector<std::string> shown;
  for (const std::string& name : names) {
    if (shown.size() < kShown) shown.push_back(name.substr(0, 40));
  }
  std::string text =
      fmt::format("the environment variable{} {}", names.size() == 1 ? "" : "s", fmt::join(shown, " and "));
  if (names.size() > kShown) text += fmt::format(" and {} more", names.size() - kShown);
  return text;
}

// It can be read only by setting it, so threads of attest that run kernels in this process take turns.
mode_t exchange_umask(std::optional<mode_t> wanted) {
  static std::mutex turn;
  const std::lock_guard<std::mutex> lock(turn);
  const mode_t old = ::umask(wanted.value_or(0));
  if (!wanted) ::umask(old);
  return old;
}

void set_variables(const std::string& variables) {
  ::clearenv();
  for (const std::string& entry : separate(variables)) {
    const std::size_t equals = entry.find('=');
    if (equals != std::string::npos) ::setenv(entry.substr(0, equals).c_str(), entry.c_str() + equals + 1, 1);
  }
}

}  // namespace

ProcessState ProcessState::now() {
  ProcessState state;
  state.floats_ = FloatState::now();
  for (int signal = 0; signal < kSignals; ++signal) {
    if (can_be_handled(signal))
      ::sigaction(signal, nullptr, &state.handlers_[static_cast<std::size_t>(signal)]);
  }
  ::pthread_sigmask(SIG_SETMASK, nullptr, &state.blocked_);
  for (int limit = 0; limit < kLimits; ++limit) {
    ::getrlimit(static_cast<__rlimit_resource>(limit), &state.limits_[static_cast<std::size_t>(limit)]);
  }
  itimerval timer{};
  ::getitimer(ITIMER_REAL, &timer);
  state.alarmed_ = timer.it_value.tv_sec != 0 || timer.it_value.tv_usec != 0;
  state.umask_ = exchange_umask(std::nullopt);
  if (const char* locale = std::setlocale(LC_ALL, nullptr)) state.locale_ = locale;
  ::sched_getaffinity(0, sizeof state.affinity_, &state.affinity_);
  state.directory_ = working_directory();
  state.variables_ = joined_variables();
  return state;
}

std::string ProcessState::changes(const ProcessState& after) const {
  std::vector<std::string> list = floats_.changes(after.floats_);
  for (int signal = 0; signal < kSignals; ++signal) {
    const auto at = static_cast<std::size_t>(signal);
    if (!same_handler(handlers_[at], after.handlers_[at]))
      list.push_back("the handler of " + signal_name(signal));
  }
  for (int signal = 1; signal < kSignals; ++signal) {
    if (::sigismember(&blocked_, signal) != ::sigismember(&after.blocked_, signal))
      list.push_back("whether " + signal_name(signal) + " is blocked");
  }
  for (std::size_t at = 0; at < limits_.size(); ++at) {
    const bool same = limits_[at].rlim_cur == after.limits_[at].rlim_cur &&
                      limits_[at].rlim_max == after.limits_[at].rlim_max;
    if (!same) list.push_back(fmt::format("the limit of {}", kLimitNames[at]));
  }
  if (alarmed_ != after.alarmed_) list.push_back("the timer of " + signal_name(SIGALRM));
  if (umask_ != after.umask_) list.push_back("the umask");
  if (locale_ != after.locale_) list.push_back("the locale");
  if (CPU_EQUAL(&affinity_, &after.affinity_) == 0) list.push_back("the CPU affinity");
  if (directory_ != after.directory_) list.push_back("the working directory");
  if (variables_ != after.variables_) {
    const std::set<std::string> names = changed_variables(variables_, after.variables_);
    if (!names.empty()) list.push_back(words_for_variables(names));
  }
  constexpr std::size_t kShown = 6;
  if (list.size() > kShown) {
    const std::size_t more = list.size() - kShown;
    list.resize(kShown);
    list.push_back(fmt::format("{} more", more));
  }
  return fmt::format("{}", fmt::join(list, ", "));
}

void ProcessState::restore() const {
  floats_.restore();
  for (int signal = 0; signal < kSignals; ++signal) {
    if (can_be_handled(signal)) ::sigaction(signal, &handlers_[static_cast<std::size_t>(signal)], nullptr);
  }
  ::pthread_sigmask(SIG_SETMASK, &blocked_, nullptr);
  for (int limit = 0; limit < kLimits; ++limit) {
    ::setrlimit(static_cast<__rlimit_resource>(limit), &limits_[static_cast<std::size_t>(limit)]);
  }
  if (!alarmed_) ::alarm(0);
  exchange_umask(umask_);
  std::setlocale(LC_ALL, locale_.c_str());
  ::sched_setaffinity(0, sizeof affinity_, &affinity_);
  if (variables_ != joined_variables()) set_variables(variables_);
  if (!directory_.empty() && ::chdir(directory_.c_str()) != 0) return;  // it is gone: nothing to put back
}

}  // namespace attest::kernel
