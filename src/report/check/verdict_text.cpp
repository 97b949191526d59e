// Verdicts in a line each.

#include <algorithm>
#include <cctype>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "report/check/check_text.hpp"
#include "report/check/inferred_text.hpp"
#include "report/number.hpp"
#include "report/wrap.hpp"

namespace attest::report {
namespace {

constexpr std::size_t kIndent = 4;

std::string upper(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return std::toupper(c); });
  return result;
}

std::vector<std::string> reasons(const check::KernelReport& r) {
  if (r.verdict == check::Verdict::mistrusted) return r.mistrust;
  if (r.verdict != check::Verdict::suspect) return {};
  std::vector<std::string> why = r.alarm.suspicions;
  if (r.inferred && r.inferred->kind == check::RelaxationClass::narrower)
    why.insert(why.begin(), inferred_reason(*r.inferred));
  return why;
}

// Under which contract it conforms, where that was inferred; else empty.
std::string condition(const check::KernelReport& r) {
  return r.verdict == check::Verdict::conforming && r.inferred ? inferred_title(*r.inferred) : "";
}

std::string title(const check::KernelReport& r) {
  const std::string under = condition(r);
  return upper(name_of(r.verdict)) + (under.empty() ? "" : " " + under);
}

std::string number_of_findings(const check::KernelReport& r) {
  return r.findings.empty() ? "" : counted(static_cast<std::int64_t>(r.findings.size()), "finding");
}

std::string findings_text(const check::KernelReport& r) {
  return r.findings.empty() ? "" : "   " + number_of_findings(r);
}

// Red, yellow, green: the exit codes 1, 2, 0.
std::string_view colour_of(check::Verdict verdict) {
  switch (verdict) {
    case check::Verdict::defective:
      return "\x1b[1;31m";
    case check::Verdict::suspect:
    case check::Verdict::mistrusted:
      return "\x1b[1;33m";
    case check::Verdict::conforming:
      return "\x1b[1;32m";
  }
  return "";
}

// "27 kernels: 4 defective, 1 mistrusted, 22 conforming"
std::string count_line(const std::vector<check::KernelReport>& reports) {
  std::vector<std::string> parts;
  for (const check::Verdict verdict : {check::Verdict::defective, check::Verdict::suspect,
                                       check::Verdict::mistrusted, check::Verdict::conforming}) {
    const auto n = std::count_if(reports.begin(), reports.end(),
                                 [&](const check::KernelReport& r) { return r.verdict == verdict; });
    if (n > 0) parts.push_back(fmt::format("{} {}", n, name_of(verdict)));
  }
  return fmt::format("{}: {}\n", counted(static_cast<std::int64_t>(reports.size()), "kernel"),
                     fmt::join(parts, ", "));
}

}  // namespace

std::string verdict_line(const check::KernelReport& r) {
  const std::vector<std::string> why = reasons(r);
  return title(r) + findings_text(r) + (why.empty() ? "" : fmt::format("   {}", fmt::join(why, "; ")));
}

std::string verdict_reason(const check::KernelReport& r) {
  std::vector<std::string> parts = reasons(r);
  parts.insert(parts.begin(), {condition(r), number_of_findings(r)});
  std::erase(parts, "");
  return fmt::format("{}", fmt::join(parts, "; "));
}

std::string verdict_text(const check::KernelReport& r, bool colour) {
  const std::string verdict = upper(name_of(r.verdict));
  const std::string version = r.info.version.empty() ? "" : " " + r.info.version;
  std::string text =
      wrapped("", fmt::format("{}{}   {}{}", title(r), findings_text(r), r.info.name, version));
  if (colour) text = fmt::format("{}{}\x1b[0m{}", colour_of(r.verdict), verdict, text.substr(verdict.size()));
  for (const std::string& why : reasons(r)) text += wrapped("  ", why, 4);
  return text;
}

std::string verdict_table(const std::vector<check::KernelReport>& reports) {
  std::size_t width = 0;
  for (const check::KernelReport& report : reports) width = std::max(width, report.info.name.size());
  std::string text;
  for (const check::KernelReport& report : reports) {
    const std::vector<std::string> why = reasons(report);
    std::string line =
        fmt::format("{:<{}}   {}{}", report.info.name, width, title(report), findings_text(report));
    if (!why.empty()) line += "   " + why.front();
    if (why.size() > 1) line += fmt::format(" (and {} more)", why.size() - 1);
    text += wrapped("", line, kIndent);
  }
  return reports.size() > 1 ? text + count_line(reports) : text;
}

}  // namespace attest::report
