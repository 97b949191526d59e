#include "laws/finding_kind.hpp"

#include <array>
#include <cstddef>

namespace attest::laws {
namespace {

constexpr std::array<std::string_view, 12> kNames{
    "wrong-value", "nan",     "nondeterministic", "uninitialised", "memory", "input-mutated",
    "crash",       "timeout", "failed",           "environment",   "lse",    "declined"};

}  // namespace

std::string_view name_of(FindingKind kind) { return kNames.at(static_cast<std::size_t>(kind)); }

std::optional<FindingKind> finding_kind_from_name(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<FindingKind>(i);
  }
  return std::nullopt;
}

}  // namespace attest::laws
