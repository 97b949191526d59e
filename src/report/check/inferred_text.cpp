#include "report/check/inferred_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "report/check/case_text.hpp"
#include "report/number.hpp"

namespace attest::report {
namespace {

std::string origin(const check::InferredContract& inferred) {
  if (inferred.from_case == 0)
    return inferred.alarm.empty() ? "inferred" : "inferred from the rounding noise";
  return fmt::format("inferred from case {}", grouped(inferred.from_case));
}

std::string evidence_text(const check::Finding& finding) {
  std::string text = fmt::format("  case        {}\n", describe(finding.problem));
  for (const std::string& input : input_lines(finding.problem))
    text += fmt::format("  {:<12}{}\n", "", input);
  text += fmt::format("  {:<12}{}   (law {})\n", "", finding.summary, finding.law);
  if (!finding.file.empty()) text += fmt::format("  replay      {}\n", replay_command(finding));
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
  std::string text = fmt::format("INFERRED   {}\n", inferred_title(inferred));
  text += fmt::format("  the kernel  {}\n", fmt::join(inferred.reasons, "; "));
  text += fmt::format("  declare     {}\n", inferred.text);
  if (!inferred.alarm.empty()) text += fmt::format("  explains    {}\n", inferred.alarm);
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
