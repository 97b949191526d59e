#include "report/ci/github.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "report/check/finding_text.hpp"
#include "report/ci/ci_text.hpp"
#include "report/number.hpp"

namespace attest::report {
namespace {

// The data of a workflow command; a property escapes ':' and ',' as well.
std::string escaped(const std::string& text, bool property) {
  std::string result;
  for (const char c : text) {
    const bool special = c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ','));
    result += special ? fmt::format("%{:02X}", static_cast<unsigned char>(c)) : std::string(1, c);
  }
  return result;
}

std::string annotation(const char* level, const std::string& kernel, const std::string& text) {
  return fmt::format("::{} title={}::{}\n", level, escaped("attest: " + printable(kernel), true),
                     escaped(text, false));
}

// In a cell of a table, or in text around it.
std::string cell(const std::string& text) {
  std::string result;
  for (const char c : printable(text)) {
    if (c == '|' || c == '<' || c == '>' || c == '`' || c == '*' || c == '_') result += '\\';
    result += c == '\n' ? ' ' : c;
  }
  return result;
}

// Longer than any run of backticks in the text.
std::string fence_of(const std::string& text) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return std::string(std::max<std::size_t>(3, longest + 1), '`');
}

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return result;
}

}  // namespace

std::string github_annotations(const std::vector<check::KernelReport>& reports) {
  std::string text;
  for (const check::KernelReport& report : reports) {
    for (const check::Finding& finding : report.findings)
      text += annotation("error", report.info.name, finding_line(finding));
    const std::string reasons = reasons_text(report);
    if (report.findings.empty() && report.verdict != check::Verdict::conforming)
      text +=
          annotation("warning", report.info.name, fmt::format("{}: {}", name_of(report.verdict), reasons));
  }
  return text;
}

std::string github_summary(const std::vector<check::KernelReport>& reports) {
  std::string text = "### attest\n\n| kernel | verdict | findings | cases |\n|---|---|---|---|\n";
  for (const check::KernelReport& report : reports) {
    text += fmt::format("| {} | {} | {} | {} |\n", cell(report.info.name), upper(name_of(report.verdict)),
                        report.findings.size(), grouped(report.cases));
  }
  for (const check::KernelReport& report : reports) {
    if (const std::string reasons = reasons_text(report); !reasons.empty())
      text += fmt::format("\n**{}**: {}\n", cell(report.info.name), cell(reasons));
    for (std::size_t i = 0; i < report.findings.size(); ++i) {
      const std::string finding = printable(finding_text(report.findings[i], i + 1));
      const std::string fence = fence_of(finding);
      text += fmt::format("\n**{}**\n{}\n{}{}\n", cell(report.info.name), fence, finding, fence);
    }
  }
  return text;
}

}  // namespace attest::report
