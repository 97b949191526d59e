#include "check/record/certified.hpp"

#include <fmt/format.h>

namespace attest::check {
namespace {

constexpr double kInformativeShare = 0.95;  // error-bound.md 3

}  // namespace

std::int64_t certified(const oracle::Tally& tally) { return tally.within + tally.violated; }

std::optional<std::string> why_weak(std::int64_t certified, std::int64_t outputs, const std::string& which) {
  const double share = outputs == 0 ? 1 : static_cast<double>(certified) / static_cast<double>(outputs);
  if (share >= kInformativeShare) return std::nullopt;
  return fmt::format("only {:.1f} % of the outputs{} have an informative bound", 100 * share, which);
}

}  // namespace attest::check
