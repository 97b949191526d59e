#include "report/check/crash_text.hpp"

#include <algorithm>
#include <cstddef>

#include <fmt/format.h>

namespace attest::report {
namespace {

constexpr std::size_t kShown = 8;  // calls

}  // namespace

std::vector<std::string> crash_lines(const kernel::CrashSite& crash) {
  std::vector<std::string> lines;
  if (crash.address) lines.push_back(fmt::format("accessing address {:#x}", *crash.address));
  for (std::size_t i = 0; i < std::min(crash.calls.size(), kShown); ++i)
    lines.push_back((i == 0 ? "in " : "called from ") + crash.calls[i]);
  if (crash.calls.size() > kShown)
    lines.push_back(fmt::format("and {} calls further out", crash.calls.size() - kShown));
  return lines;
}

Json crash_json(const kernel::CrashSite& crash) {
  if (!crash.address && crash.calls.empty()) return nullptr;
  return {{"address", crash.address ? Json(fmt::format("{:#x}", *crash.address)) : Json(nullptr)},
          {"function", crash.function.empty() ? Json(nullptr) : Json(crash.function)},
          {"calls", crash.calls}};
}

}  // namespace attest::report
