#include "report/ci/sarif.hpp"

#include <algorithm>
#include <cctype>
#include <set>
#include <string_view>
#include <variant>

#include <fmt/format.h>

#include "check/baseline/baseline.hpp"
#include "kernel/kernel_spec.hpp"
#include "laws/statements.hpp"
#include "report/ci/ci_text.hpp"

namespace attest::report {
namespace {

constexpr std::string_view kAlarmRule = "alarm";

// RFC 3986: what a path may hold as it is.
std::string uri_of(const std::string& path) {
  constexpr std::string_view kPlain = "-._~/";
  std::string uri;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (byte < 128 && std::isalnum(byte) != 0) || kPlain.find(c) != std::string_view::npos;
    uri += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return uri;
}

// Empty where the kernel is no library.
std::string library_of(const std::string& kernel) {
  try {
    const kernel::KernelSpec spec = kernel::parse_kernel_spec(kernel);
    const auto* library = std::get_if<kernel::LibrarySpec>(&spec);
    return library != nullptr ? library->path : "";
  } catch (const kernel::KernelOpenError&) {
    return "";  // a capture, or the name of a kernel that no spec opens
  }
}

Json location_of(const check::KernelReport& report) {
  Json location{
      {"logicalLocations", Json::array({{{"name", printable(report.info.name)}, {"kind", "module"}}})}};
  if (const std::string library = library_of(report.info.name); !library.empty()) {
    location["physicalLocation"] = {{"artifactLocation", {{"uri", uri_of(library)}}},
                                    {"region", {{"startLine", 1}}}};
  }
  return location;
}

std::string_view sentence_of(std::string_view law) {
  const auto* const found =
      std::find_if(laws::kLawStatements.begin(), laws::kLawStatements.end(),
                   [&](const laws::LawStatement& statement) { return statement.name == law; });
  return found == laws::kLawStatements.end() ? law : found->sentence;
}

Json result_of(const check::KernelReport& report, std::string_view rule, std::string_view level,
               const std::string& text) {
  return {{"ruleId", rule},
          {"level", level},
          {"message", {{"text", text}}},
          {"locations", Json::array({location_of(report)})}};
}

void add_results(Json& results, const check::KernelReport& report) {
  for (const check::Finding& finding : report.findings) {
    Json result = result_of(report, finding.law, "error", finding_line(finding));
    result["partialFingerprints"] = {{"attest/v1", check::identity_of(report.info.name, finding)}};
    results.push_back(std::move(result));
  }
  for (const std::string& suspicion : report.alarm.suspicions)
    results.push_back(result_of(report, kAlarmRule, "warning", printable(suspicion)));
}

Json rules_of(const std::vector<check::KernelReport>& reports) {
  std::set<std::string> known;
  Json rules = Json::array();
  const auto add = [&](const std::string& id, const std::string& text) {
    if (known.insert(id).second) rules.push_back({{"id", id}, {"shortDescription", {{"text", text}}}});
  };
  for (const check::KernelReport& report : reports) {
    for (const check::Finding& finding : report.findings)
      add(finding.law, std::string(sentence_of(finding.law)));
    if (!report.alarm.suspicions.empty())
      add(std::string(kAlarmRule), "Errors are as small and as balanced as rounding explains.");
  }
  return rules;
}

}  // namespace

Json sarif_json(const std::vector<check::KernelReport>& reports) {
  Json results = Json::array();
  Json notifications = Json::array();
  for (const check::KernelReport& report : reports) {
    add_results(results, report);
    for (const std::string& reason : report.mistrust) {
      notifications.push_back(
          {{"level", "warning"},
           {"message", {{"text", printable(fmt::format("{}: {}", report.info.name, reason))}}}});
    }
  }
  Json run{
      {"tool", {{"driver", {{"name", "attest"}, {"version", ATTEST_VERSION}, {"rules", rules_of(reports)}}}}},
      {"invocations",
       Json::array({{{"executionSuccessful", true}, {"toolExecutionNotifications", notifications}}})},
      {"results", results}};
  return {{"version", "2.1.0"},
          {"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
          {"runs", Json::array({std::move(run)})}};
}

}  // namespace attest::report
