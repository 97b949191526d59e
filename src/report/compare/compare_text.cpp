#include "report/compare/compare_text.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "report/check/case_text.hpp"
#include "report/check/check_text.hpp"
#include "report/check/finding_text.hpp"
#include "report/compare/compare_rows.hpp"
#include "report/table.hpp"
#include "report/wrap.hpp"

namespace attest::report {
namespace {

constexpr const char* kMatrixKey =
    "= equal bits, ~ equivalent, row or col: which is wrong, both: both are, ? cannot be told";

std::string upper(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return std::toupper(c); });
  return result;
}

std::string findings_text(const check::PairReport& report) {
  std::string text;
  for (std::size_t kernel = 0; kernel < 2; ++kernel) {
    const check::KernelReport& own = report.kernels[kernel];
    for (std::size_t i = 0; i < own.findings.size(); ++i) {
      text += wrapped("", fmt::format("{}:", own.info.name)) + finding_text(own.findings[i], i + 1);
      text += wrapped("  other       ", other_sentence(report, kernel, i), 14) + "\n";
    }
  }
  return text;
}

std::string findings_markdown(const check::PairReport& report) {
  std::string text;
  for (std::size_t kernel = 0; kernel < 2; ++kernel) {
    const check::KernelReport& own = report.kernels[kernel];
    for (std::size_t i = 0; i < own.findings.size(); ++i) {
      const check::Finding& finding = own.findings[i];
      text +=
          fmt::format("- **{}**: {}. Smallest case: {}. {}.\n", cell(own.info.name), cell(finding.summary),
                      cell(describe(finding.problem)), cell(other_sentence(report, kernel, i)));
      if (!finding.file.empty()) text += fmt::format("  `{}`\n", replay_command(finding));
    }
  }
  return text.empty() ? "" : text + "\n";
}

std::string pair_markdown(const check::PairReport& report) {
  std::string text = fmt::format("## {}: {}\n\n", cell(verdict_sentence(report)), name_of(report.verdict));
  for (const std::string& why : report.why) text += fmt::format("- {}\n", cell(why));
  if (!report.why.empty()) text += "\n";
  text += findings_markdown(report);
  for (const std::string& sentence : difference_sentences(report))
    text += fmt::format("- {}\n", cell(sentence));
  if (report.differences.all().outputs == 0) return text + "\n";
  text += "\n" + columns_markdown(difference_table("feature", report.differences.by_feature()));
  return text + "\n" + columns_markdown(difference_table("shape", report.differences.by_shape())) + "\n";
}

}  // namespace

std::string pair_verdict_text(const check::PairReport& report) {
  std::string text =
      wrapped("", fmt::format("{}   {}", upper(name_of(report.verdict)), verdict_sentence(report)));
  for (const std::string& why : report.why) text += wrapped("  ", why, 4);
  return text;
}

std::string pair_text(const check::PairReport& report) {
  std::string text = pair_verdict_text(report) + "\n" + findings_text(report);
  const std::vector<std::string> sentences = difference_sentences(report);
  for (const std::string& sentence : sentences)
    text += wrapped(&sentence == sentences.data() ? "compared: " : "", sentence);
  for (const check::KernelReport& kernel : report.kernels)
    text += wrapped("  ", fmt::format("{}: {}", kernel.info.name, verdict_line(kernel)), 4);
  if (report.differences.all().outputs == 0) return text;
  text += "\n" + columns_text(difference_table("feature", report.differences.by_feature()));
  return text + "\n" + columns_text(difference_table("shape", report.differences.by_shape()));
}

std::string pair_matrix_text(const std::vector<std::string>& names, const std::vector<ComparedPair>& pairs) {
  return columns_text(pair_matrix(names, pairs)) + wrapped("", kMatrixKey);
}

std::string compare_markdown(const std::vector<std::string>& names, const std::vector<ComparedPair>& pairs) {
  std::string text = "# Comparison of kernels\n\n";
  if (names.size() > 2) text += columns_markdown(pair_matrix(names, pairs)) + "\n" + kMatrixKey + ".\n\n";
  for (const ComparedPair& pair : pairs) text += pair_markdown(pair.report);
  return text;
}

}  // namespace attest::report
