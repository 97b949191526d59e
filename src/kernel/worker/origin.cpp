#include "kernel/worker/origin.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include <sys/prctl.h>
#include <unistd.h>

namespace attest::kernel {
namespace {

constexpr const char* kTunables = "GLIBC_TUNABLES";

// Also what /proc/self/environ shows, which setenv does not change.
void wipe(char* text) { std::fill_n(text, std::strlen(text), '\0'); }

// Null when there is none.
char* find_variable(std::string_view name) {
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    if (text.starts_with(name) && text.substr(name.size(), 1) == "=") return *entry;
  }
  return nullptr;
}

}  // namespace

void hide_origin(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) wipe(argv[i]);
  ::prctl(PR_SET_NAME, argv[0]);
  const char* tunables = std::getenv(kTunables);
  std::string own = tunables != nullptr ? tunables : "";
  char* const mark = find_variable(kWorkerMark);
  ::unsetenv(kWorkerMark);
  ::unsetenv(kTunables);
  // The C library has replaced the entry of its tunables by a copy. The original follows the mark.
  if (mark != nullptr) {
    char* const next = mark + std::strlen(mark) + 1;
    if (std::string_view(next).starts_with(kTunables)) wipe(next);
    wipe(mark);
  }
  if (own.ends_with(kWorkerTunable)) own.resize(own.size() - std::strlen(kWorkerTunable));
  if (own.ends_with(':')) own.pop_back();
  if (!own.empty()) ::setenv(kTunables, own.c_str(), 1);
}

}  // namespace attest::kernel
