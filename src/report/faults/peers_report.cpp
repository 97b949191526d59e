#include "report/faults/peers_report.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "check/campaign/effort.hpp"
#include "report/number.hpp"

namespace attest::report {
namespace {

using Count = check::PeerStudy::Count;

std::string line(std::string_view name, const Count& faults, const Count& controls) {
  return fmt::format("{:<28}  {:<20}  {}\n", name, share_text(faults), refused_text(controls));
}

Json count_json(const Count& count) { return {{"accepted", count.accepted}, {"of", count.of}}; }

Json rule_json(const check::PeerStudy& study, std::size_t at) {
  const check::PeerRule& rule = check::peer_rules()[at];
  Json types = Json::array();
  for (const DType dtype : {DType::f32, DType::f16, DType::bf16}) {
    if (rule.limits(dtype)) types.push_back(name_of(dtype));
  }
  return {{"name", rule.name},
          {"source", rule.source},
          {"read", rule.read.parts},
          {"read_commit", rule.read.commit},
          {"rule", rule.sentence},
          {"inputs", rule.inputs_sentence},
          {"dtypes", types},
          {"shapes", rule.shapes},
          {"faults", count_json(study.accepted(at, false))},
          {"controls", count_json(study.accepted(at, true))},
          {"attest_on_the_same_faults", count_json(study.accepted_by_attest(at, false))}};
}

Json row_json(const check::PeerRow& row) {
  Json accepted = Json::array(), refuses = Json::array();
  for (std::size_t at = 0; at < row.accepts.size(); ++at) {
    if (row.accepts[at]) (*row.accepts[at] ? accepted : refuses).push_back(check::peer_rules()[at].name);
  }
  return {{"name", row.name},        {"dtype", name_of(row.dtype)}, {"correct", row.correct},
          {"accepted_by", accepted}, {"refused_by", refuses},       {"flagged", row.flagged}};
}

const check::GradedFault& fault_of(const check::Resolution& result) {
  const auto& all = check::graded_faults();
  return *std::find_if(all.begin(), all.end(),
                       [&](const check::GradedFault& fault) { return fault.name == result.name; });
}

std::string smallest(const check::Resolution& result) {
  if (result.found_by.empty()) return "none";
  const check::GradedFault& fault = fault_of(result);
  return check::graded_size(fault, fault.first + static_cast<int>(result.found_by.size()) - 1);
}

}  // namespace

std::string share_text(const Count& accepted) {
  if (accepted.of == 0) return "-";
  return fmt::format("{} of {} ({})", accepted.accepted, accepted.of,
                     percent(accepted.accepted, accepted.of));
}

std::string refused_text(const Count& accepted) {
  return accepted.of == 0 ? "-" : fmt::format("{} of {}", accepted.of - accepted.accepted, accepted.of);
}

std::string types_of(const check::PeerRule& rule) {
  std::string types;
  for (const DType dtype : {DType::f32, DType::f16, DType::bf16}) {
    if (rule.limits(dtype)) types += fmt::format("{}{}", types.empty() ? "" : ", ", name_of(dtype));
  }
  return types;
}

Json peers_json(const check::PeerStudy& study) {
  Json json;
  json["rules"] = Json::array();
  for (std::size_t at = 0; at < check::peer_rules().size(); ++at)
    json["rules"].push_back(rule_json(study, at));
  json["kernels"] = Json::array();
  for (const check::PeerRow& row : study.rows) json["kernels"].push_back(row_json(row));
  json["attest"] = {{"faults", count_json(study.accepted_by_attest(false))},
                    {"controls", count_json(study.accepted_by_attest(true))}};
  return json;
}

std::string peers_text(const check::PeerStudy& study) {
  std::string text = fmt::format("{:<28}  {:<20}  {}\n", "rule", "faults accepted", "correct ones refused");
  for (std::size_t at = 0; at < check::peer_rules().size(); ++at)
    text += line(check::peer_rules()[at].name, study.accepted(at, false), study.accepted(at, true));
  return text + line("attest", study.accepted_by_attest(false), study.accepted_by_attest(true));
}

Json resolution_json(const std::vector<check::Resolution>& study) {
  Json list = Json::array();
  for (const check::Resolution& result : study) {
    Json found = Json::array();
    for (std::size_t at = 0; at < result.found_by.size(); ++at) {
      const check::GradedFault& fault = fault_of(result);
      found.push_back({{"size", check::graded_size(fault, fault.first + static_cast<int>(at))},
                       {"found_by", result.found_by[at]}});
    }
    list.push_back({{"fault", result.name},
                    {"dtype", name_of(result.dtype)},
                    {"effort", check::size_of(result.effort).name},
                    {"smallest", smallest(result)},
                    {"all_found", result.all_found},
                    {"found", found}});
  }
  return list;
}

std::string resolution_text(const std::vector<check::Resolution>& study) {
  std::string text = fmt::format("{:<12}  {:<5}  {:<6}  {:<14}  {}\n", "fault", "dtype", "effort",
                                 "smallest found", "found by");
  for (const check::Resolution& result : study) {
    text += fmt::format("{:<12}  {:<5}  {:<6}  {:<14}  {}\n", result.name, name_of(result.dtype),
                        check::size_of(result.effort).name, smallest(result),
                        result.found_by.empty() ? "-" : result.found_by.back());
  }
  return text;
}

}  // namespace attest::report
