#include "report/check/inferred_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "report/check/case_text.hpp"
#include "report/number.hpp"
#include "report/wrap.hpp"

namespace attest::report {
namespace {

constexpr std::size_t kIndent = 14;  // of what a label introduces

std::string origin(const check::InferredContract& inferred) {
  if (inferred.from_case == 0)
    return inferred.alarm.empty() ? "inferred" : "inferred from the rounding noise";
  return fmt::format("inferred from case {}", grouped(inferred.from_case));
}

std::string evidence_text(const check::Finding& finding) {
  const std::string blank(kIndent, ' ');
  std::string text = wrapped("  case        ", describe(finding.problem), kIndent);
  for (const std::string& input : input_lines(finding.problem)) text += wrapped(blank, input, kIndent + 2);
  text += wrapped(blank, fmt::format("{}   (law {})", finding.summary, finding.law), kIndent);
  if (!finding.file.empty()) text += wrapped("  replay      ", replay_command(finding), kIndent);
  return text;
}

}  // namespace

std::string inferred_title(const check::InferredContract& inferred) {
  return fmt::format("under {} ({})", inferred.text, origin(inferred));
}

std::string inferred_reason(const check::InferredContract& inferred) {
  return fmt::format("{} ({}): declare {}", fmt::join(inferred.reasons, "; "), origin(inferred),
                     inferred.text);
}

std::string inferred_text(const check::InferredContract& inferred) {
  std::string text = wrapped("INFERRED   ", inferred_title(inferred), 11);
  text += wrapped("  the kernel  ", fmt::format("{}", fmt::join(inferred.reasons, "; ")), kIndent);
  text += wrapped("  declare     ", inferred.text, kIndent);
  if (!inferred.alarm.empty()) text += wrapped("  explains    ", inferred.alarm, kIndent);
  for (const check::Finding& finding : inferred.evidence) text += evidence_text(finding);
  return text;
}

nlohmann::ordered_json inferred_json(const check::InferredContract& inferred) {
  nlohmann::ordered_json json{{"fields", inferred.fields},
                              {"contract", inferred.text},
                              {"class", name_of(inferred.kind)},
                              {"reasons", inferred.reasons}};
  json["case"] =
      inferred.from_case == 0 ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(inferred.from_case);
  if (!inferred.alarm.empty()) json["alarm"] = inferred.alarm;
  json["evidence"] = nlohmann::ordered_json::array();
  for (const check::Finding& finding : inferred.evidence) {
    json["evidence"].push_back(
        {{"law", finding.law},
         {"summary", finding.summary},
         {"case", describe(finding.problem)},
         {"inputs", input_lines(finding.problem)},
         {"replay", finding.file.empty() ? nlohmann::ordered_json(nullptr)
                                         : nlohmann::ordered_json(replay_command(finding))}});
  }
  return json;
}

}  // namespace attest::report
