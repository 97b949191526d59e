#include "report/ci/ci_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "problem/quote.hpp"
#include "report/check/case_text.hpp"

namespace attest::report {

std::string printable(const std::string& text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find_first_of("\n\t", at), text.size());
    result += quote(std::string_view(text).substr(at, end - at), text.size());
    if (end < text.size()) result += text[end];
    at = end + 1;
  }
  return result;
}

std::string finding_line(const check::Finding& finding) {
  std::string line = fmt::format("{}; smallest case: {}", finding.summary, describe(finding.problem));
  if (!finding.file.empty()) line += fmt::format("; replay: {}", replay_command(finding));
  return printable(line);
}

std::string reasons_text(const check::KernelReport& report) {
  if (report.verdict == check::Verdict::conforming) return "";
  std::vector<std::string> reasons = report.alarm.suspicions;
  reasons.insert(reasons.end(), report.mistrust.begin(), report.mistrust.end());
  return printable(fmt::format("{}", fmt::join(reasons, "; ")));
}

}  // namespace attest::report
