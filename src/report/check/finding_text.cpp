#include "report/check/finding_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "report/check/case_text.hpp"
#include "report/check/crash_text.hpp"
#include "report/number.hpp"
#include "report/wrap.hpp"

namespace attest::report {
namespace {

constexpr std::size_t kIndent = 14;  // of what a label introduces

std::string got_text(const oracle::Element& e) {
  const std::string got = exact_text(e.got);
  return e.bound > 0 ? fmt::format("{}   ({} times the bound)", got, short_text(e.ratio)) : got;
}

}  // namespace

std::string finding_text(const check::Finding& finding, std::size_t number) {
  const std::string head = fmt::format("FINDING {}   ", number);
  std::string text = wrapped(head, finding.summary, head.size());
  const auto line = [&](const char* label, const std::string& value) {
    text += wrapped(fmt::format("  {:<12}", label), value, kIndent);
  };
  const auto several = [&](const char* label, const std::vector<std::string>& lines) {
    for (const std::string& each : lines) line(&each == lines.data() ? label : "", each);
  };
  line("smallest", describe(finding.problem));
  for (const std::string& input : input_lines(finding.problem))
    text += wrapped(std::string(kIndent, ' '), input, kIndent + 2);
  if (!finding.form.empty()) line("form", finding.form);
  if (!finding.variant.empty()) line("changed", finding.variant);
  if (!finding.elements.empty()) {
    const oracle::Element& e = finding.elements.front();
    line("expected", fmt::format("{} = {}", element_name(e), exact_text(e.expected)));
    line("got", got_text(e));
  }
  several("crashed", crash_lines(finding.crash));
  several("printed", finding.printed);
  if (finding.diagnosed) line("diagnosis", faults::diagnosis_text(finding.diagnosis));
  if (!finding.explanation.empty()) line("explained", finding.explanation);
  if (!finding.would_conform_under.empty())
    line("explained", "would conform under " + finding.would_conform_under);
  for (const std::string& symptom : finding.symptoms) line("also", symptom);
  line("laws", fmt::format("{}   ({})", fmt::join(finding.laws, ", "), counted(finding.cases, "case")));
  if (!finding.file.empty()) line("replay", replay_command(finding));
  return text;
}

}  // namespace attest::report
