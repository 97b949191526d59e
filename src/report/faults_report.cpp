#include "report/faults_report.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "report/number.hpp"

namespace attest {
namespace {

std::int64_t killed(const FaultStudy& study) {
  return std::count_if(study.faults.begin(), study.faults.end(),
                       [](const FaultResult& f) { return f.killed; });
}

std::int64_t named(const FaultStudy& study) {
  return std::count_if(study.faults.begin(), study.faults.end(),
                       [](const FaultResult& f) { return f.diagnosed; });
}

double median_to_kill(const FaultStudy& study) {
  const std::vector<std::int64_t> counts = study.cases_to_kill();
  if (counts.empty()) return 0;
  const std::size_t half = counts.size() / 2;
  const auto upper = static_cast<double>(counts[half]);
  return counts.size() % 2 == 1 ? upper : (upper + static_cast<double>(counts[half - 1])) / 2;
}

std::int64_t control_cases(const FaultStudy& study) {
  std::int64_t cases = 0;
  for (const ControlResult& control : study.controls) cases += control.cases;
  return cases;
}

std::int64_t false_alarms(const FaultStudy& study) {
  std::int64_t alarms = 0;
  for (const ControlResult& control : study.controls) alarms += control.false_alarms;
  return alarms;
}

Json named_json(const Diagnosis& d) {
  return {{"fault", d.fault()},
          {"alpha", json_number(d.alpha)},
          {"sigma", json_number(d.sigma)},
          {"certified", d.certified}};
}

std::string_view number_of(const std::string& name) {
  for (const KernelFaultEntry& entry : fault_catalogue()) {
    if (entry.name == name) return entry.number;
  }
  return "";
}

std::string named_text(const FaultResult& f) {
  if (f.named.empty()) return "none of the known faults";
  std::string text;
  for (const Diagnosis& d : f.named) {
    if (!text.empty()) text += ", ";
    text +=
        fmt::format("{} {:.4f} +- {:.4f}{}", d.fault(), d.alpha, d.sigma, d.certified ? " certified" : "");
  }
  return text;
}

std::string fault_line(const FaultResult& f, std::size_t width) {
  const std::string found =
      f.killed ? fmt::format("killed by {} in case {}", f.killed_by, f.cases_to_kill.value_or(0))
               : fmt::format("NOT FOUND in {}", counted(f.cases, "case"));
  return fmt::format("{:<{}}  {:<4}  {:<36}  {}{}\n", f.name, width, name_of(f.dtype), found,
                     f.killed && !f.diagnosed ? "MISNAMED: " : "", f.killed ? named_text(f) : "");
}

std::string control_line(const ControlResult& c, std::size_t width) {
  const std::string alarms =
      c.false_alarms == 0 ? "no false alarm" : "FALSE: " + counted(c.false_alarms, "alarm");
  return fmt::format("{:<{}}  {:<4}  {:<11}  {} in {}, {}   worst {} of bound{}\n", c.name, width,
                     name_of(c.dtype), name_of(c.verdict), alarms, counted(c.cases, "case"),
                     counted(c.outputs, "output"), short_text(c.max_bound_ratio),
                     c.what.empty() ? "" : "; " + c.what);
}

}  // namespace

Json faults_json(const FaultStudy& study) {
  Json json;
  json["faults"] = Json::array();
  for (const FaultResult& f : study.faults) {
    Json entry{{"name", f.name}, {"number", number_of(f.name)}, {"dtype", name_of(f.dtype)}};
    entry["killed"] = f.killed;
    entry["killed_by"] = f.killed_by.empty() ? Json(nullptr) : Json(f.killed_by);
    entry["cases_to_kill"] = f.cases_to_kill ? Json(*f.cases_to_kill) : Json(nullptr);
    entry["diagnosed"] = f.diagnosed;
    entry["diagnosis"] = Json::array();
    for (const Diagnosis& d : f.named) entry["diagnosis"].push_back(named_json(d));
    entry["verdict"] = name_of(f.verdict);
    entry["cases"] = f.cases;
    entry["findings"] = f.findings;
    json["faults"].push_back(std::move(entry));
  }
  json["controls"] = Json::array();
  for (const ControlResult& c : study.controls) {
    json["controls"].push_back({{"name", c.name},
                                {"dtype", name_of(c.dtype)},
                                {"cases", c.cases},
                                {"outputs", c.outputs},
                                {"false_alarms", c.false_alarms},
                                {"verdict", name_of(c.verdict)},
                                {"why", c.what.empty() ? Json(nullptr) : Json(c.what)},
                                {"max_bound_ratio", json_number(c.max_bound_ratio)}});
  }
  json["summary"] = {{"faults", study.faults.size()},
                     {"killed", killed(study)},
                     {"diagnosed", named(study)},
                     {"median_cases_to_kill", median_to_kill(study)},
                     {"control_cases", control_cases(study)},
                     {"false_alarms", false_alarms(study)}};
  return json;
}

std::string faults_summary(const FaultStudy& study) {
  return fmt::format("{} of {} faults killed, {} named, median {} cases to kill", killed(study),
                     study.faults.size(), named(study), short_text(median_to_kill(study)));
}

std::string controls_summary(const FaultStudy& study) {
  if (study.controls.empty()) return "";
  const std::int64_t alarms = false_alarms(study);
  return fmt::format("{} in {}", alarms == 0 ? "no false alarm" : counted(alarms, "false alarm"),
                     counted(control_cases(study), "control case"));
}

std::string faults_text(const FaultStudy& study) {
  std::size_t width = 0;
  for (const FaultResult& f : study.faults) width = std::max(width, f.name.size());
  for (const ControlResult& c : study.controls) width = std::max(width, c.name.size());
  std::string text;
  for (const FaultResult& f : study.faults) text += fault_line(f, width);
  if (!study.faults.empty() && !study.controls.empty()) text += "\n";
  for (const ControlResult& c : study.controls) text += control_line(c, width);
  return text;
}

bool as_promised(const FaultStudy& study) {
  const auto all = static_cast<std::int64_t>(study.faults.size());
  const bool quiet = std::all_of(study.controls.begin(), study.controls.end(), [](const ControlResult& c) {
    return c.false_alarms == 0 && c.verdict == Verdict::conforming;
  });
  return killed(study) == all && 10 * named(study) >= 9 * all && quiet;
}

}  // namespace attest
