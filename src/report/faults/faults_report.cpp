#include "report/faults/faults_report.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "report/number.hpp"

namespace attest::report {
namespace {

constexpr std::int64_t kMostFindings = 3;  // of a kernel with one fault
constexpr double kAnswered = 0.8;          // share of the cases that a narrow kernel must get to answer

using Faults = std::vector<check::FaultResult>;
using Controls = std::vector<check::ControlResult>;

std::int64_t killed(const Faults& faults) {
  return std::count_if(faults.begin(), faults.end(), [](const check::FaultResult& f) { return f.killed; });
}

std::int64_t named(const Faults& faults) {
  return std::count_if(faults.begin(), faults.end(), [](const check::FaultResult& f) { return f.diagnosed; });
}

std::int64_t nameable(const Faults& faults) {
  return std::count_if(faults.begin(), faults.end(), [](const check::FaultResult& f) { return f.nameable; });
}

bool quiet(const check::ControlResult& c) {
  return c.false_alarms == 0 && c.verdict == check::Verdict::conforming;
}

std::int64_t count_if(const Faults& faults, bool (*test)(const check::FaultResult&)) {
  return std::count_if(faults.begin(), faults.end(), test);
}

bool has_one_finding(const check::FaultResult& f) { return f.findings == 1; }
bool has_few_findings(const check::FaultResult& f) { return f.findings <= kMostFindings; }
bool is_misnamed(const check::FaultResult& f) { return f.misnamed > 0; }
bool replays(const check::FaultResult& f) { return f.replayed == f.findings; }

bool answers(const check::ControlResult& c) { return c.answered_share() >= kAnswered; }

// "f32", "f32/f16" where k and v have another dtype than q, or "all" of a campaign in every dtype.
std::string text_of(const std::optional<faults::DTypes>& dtypes) {
  if (!dtypes) return "all";
  if (dtypes->q == dtypes->kv) return std::string(name_of(dtypes->q));
  return fmt::format("{}/{}", name_of(dtypes->q), name_of(dtypes->kv));
}

std::string declined_text(std::int64_t cases, std::int64_t declined) {
  return fmt::format("answered {} of {}", cases, counted(cases + declined, "case"));
}

std::int64_t most_findings(const Faults& faults) {
  std::int64_t most = 0;
  for (const check::FaultResult& f : faults) most = std::max(most, f.findings);
  return most;
}

std::string counted_short(double n, const std::string& noun) {
  return fmt::format("{} {}{}", short_text(n), noun, n == 1 ? "" : "s");
}

double median_to_kill(const check::FaultStudy& study) {
  const std::vector<std::int64_t> counts = study.cases_to_kill();
  if (counts.empty()) return 0;
  const std::size_t half = counts.size() / 2;
  const auto upper = static_cast<double>(counts[half]);
  return counts.size() % 2 == 1 ? upper : (upper + static_cast<double>(counts[half - 1])) / 2;
}

std::int64_t control_cases(const Controls& controls) {
  std::int64_t cases = 0;
  for (const check::ControlResult& control : controls) cases += control.cases;
  return cases;
}

std::int64_t false_alarms(const Controls& controls) {
  std::int64_t alarms = 0;
  for (const check::ControlResult& control : controls) alarms += control.false_alarms;
  return alarms;
}

Json named_json(const faults::Diagnosis& d) {
  return {{"fault", d.fault()},
          {"alpha", json_number(d.alpha)},
          {"sigma", json_number(d.sigma)},
          {"certified", d.certified}};
}

std::string_view number_of(const std::string& name) {
  for (const faults::KernelFaultEntry& entry : faults::fault_catalogue()) {
    if (entry.name == name) return entry.number;
  }
  for (const faults::NarrowKernelEntry& entry : faults::narrow_catalogue()) {
    if (entry.name == name) return faults::entry_of(entry.fault).number;
  }
  return "";
}

std::string named_text(const check::FaultResult& f) {
  if (!f.nameable && f.named.empty()) return "no signature";
  if (f.named.empty()) return "none of the known faults";
  std::string text;
  for (const faults::Diagnosis& d : f.named) {
    if (!text.empty()) text += ", ";
    text +=
        fmt::format("{} {:.4f} +- {:.4f}{}", d.fault(), d.alpha, d.sigma, d.certified ? " certified" : "");
  }
  if (f.diagnosed && !f.also_named.empty()) text += fmt::format(", or {}", fmt::join(f.also_named, ", "));
  return text;
}

std::string fault_line(const check::FaultResult& f, std::size_t width) {
  const std::string found =
      f.killed ? fmt::format("found by {} in case {}", f.killed_by, f.cases_to_kill.value_or(0))
               : fmt::format("NOT FOUND in {}", counted(f.cases, "case"));
  std::string text = fmt::format("{:<{}}  {:<7}  {:<36}  ", f.name, width, text_of(f.dtypes), found);
  if (f.findings > 1) text += fmt::format("{} FINDINGS: ", f.findings);
  if (!replays(f)) text += fmt::format("{} NOT REPLAYED: ", f.findings - f.replayed);
  if (is_misnamed(f))
    text += "MISIDENTIFIED: ";
  else if (f.killed && f.nameable && !f.diagnosed)
    text += "NOT IDENTIFIED: ";
  return text + (f.killed ? named_text(f) : "") + "\n";
}

std::string narrow_fault_line(const check::FaultResult& f, std::size_t width) {
  std::string line = fault_line(f, width);
  while (!line.empty() && (line.back() == '\n' || line.back() == ' ')) line.pop_back();
  return fmt::format("{}  {}\n", line, declined_text(f.cases, f.declined));
}

std::string control_line(const check::ControlResult& c, std::size_t width) {
  const std::string alarms =
      c.false_alarms == 0 ? "no false alarm" : "FALSE: " + counted(c.false_alarms, "alarm");
  return fmt::format("{:<{}}  {:<7}  {:<11}  {} in {}, {}   worst {} of bound{}\n", c.name, width,
                     text_of(c.dtypes), name_of(c.verdict), alarms, counted(c.cases, "case"),
                     counted(c.outputs, "output"), short_text(c.max_bound_ratio),
                     c.what.empty() ? "" : "; " + c.what);
}

std::string narrow_control_line(const check::ControlResult& c, std::size_t width) {
  std::string line = control_line(c, width);
  line.pop_back();
  return fmt::format("{}  {}{}\n", line, answers(c) ? "" : "TOO FEW: ", declined_text(c.cases, c.declined));
}

Json fault_json(const check::FaultResult& f) {
  Json entry{{"name", f.name}, {"number", number_of(f.name)}, {"dtype", text_of(f.dtypes)}};
  entry["killed"] = f.killed;
  entry["killed_by"] = f.killed_by.empty() ? Json(nullptr) : Json(f.killed_by);
  entry["cases_to_kill"] = f.cases_to_kill ? Json(*f.cases_to_kill) : Json(nullptr);
  entry["nameable"] = f.nameable;
  entry["diagnosed"] = f.diagnosed;
  entry["diagnosis"] = Json::array();
  for (const faults::Diagnosis& d : f.named) entry["diagnosis"].push_back(named_json(d));
  entry["verdict"] = name_of(f.verdict);
  entry["cases"] = f.cases;
  entry["declined"] = f.declined;
  entry["findings"] = f.findings;
  entry["misnamed"] = f.misnamed;
  entry["also_named"] = f.also_named;
  entry["replayed"] = f.replayed;
  return entry;
}

Json control_json(const check::ControlResult& c) {
  return {{"name", c.name},
          {"dtype", text_of(c.dtypes)},
          {"cases", c.cases},
          {"declined", c.declined},
          {"outputs", c.outputs},
          {"false_alarms", c.false_alarms},
          {"verdict", name_of(c.verdict)},
          {"why", c.what.empty() ? Json(nullptr) : Json(c.what)},
          {"max_bound_ratio", json_number(c.max_bound_ratio)}};
}

template <class Result>
Json list_json(const std::vector<Result>& results, Json (*entry)(const Result&)) {
  Json list = Json::array();
  for (const Result& result : results) list.push_back(entry(result));
  return list;
}

template <class Result>
std::size_t widest(const std::vector<Result>& results, std::size_t width) {
  for (const Result& result : results) width = std::max(width, result.name.size());
  return width;
}

template <class Result>
void add_lines(std::string& text, const std::vector<Result>& results, std::size_t width,
               std::string (*line)(const Result&, std::size_t)) {
  if (!text.empty() && !results.empty()) text += "\n";
  for (const Result& result : results) text += line(result, width);
}

}  // namespace

Json faults_json(const check::FaultStudy& study) {
  Json json;
  json["faults"] = list_json(study.faults, fault_json);
  json["controls"] = list_json(study.controls, control_json);
  json["narrow_faults"] = list_json(study.narrow_faults, fault_json);
  json["narrow_controls"] = list_json(study.narrow_controls, control_json);
  json["summary"] = {{"faults", study.faults.size()},
                     {"killed", killed(study.faults)},
                     {"nameable", nameable(study.faults)},
                     {"diagnosed", named(study.faults)},
                     {"median_cases_to_kill", median_to_kill(study)},
                     {"one_finding", count_if(study.faults, has_one_finding)},
                     {"most_findings", most_findings(study.faults)},
                     {"misnamed", count_if(study.faults, is_misnamed)},
                     {"replayed", count_if(study.faults, replays)},
                     {"control_cases", control_cases(study.controls)},
                     {"false_alarms", false_alarms(study.controls)},
                     {"narrow_faults", study.narrow_faults.size()},
                     {"narrow_killed", killed(study.narrow_faults)},
                     {"narrow_diagnosed", named(study.narrow_faults)},
                     {"narrow_control_cases", control_cases(study.narrow_controls)},
                     {"narrow_false_alarms", false_alarms(study.narrow_controls)}};
  return json;
}

std::string faults_summary(const check::FaultStudy& study) {
  const Faults& faults = study.faults;
  return fmt::format(
      "{} of {} faults found, {} of {} identified, in a median of {}\n{} of {} give one finding, the others "
      "at "
      "most {}; {} misidentified; every case file of {} replays",
      killed(faults), faults.size(), named(faults), nameable(faults),
      counted_short(median_to_kill(study), "case"), count_if(faults, has_one_finding), faults.size(),
      most_findings(faults), count_if(faults, is_misnamed), count_if(faults, replays));
}

std::string controls_summary(const check::FaultStudy& study) {
  if (study.controls.empty()) return "";
  const std::int64_t alarms = false_alarms(study.controls);
  return fmt::format("{} in {}", alarms == 0 ? "no false alarm" : counted(alarms, "false alarm"),
                     counted(control_cases(study.controls), "control case"));
}

std::string narrow_summary(const check::FaultStudy& study) {
  std::string text;
  if (!study.narrow_faults.empty()) {
    text = fmt::format("{} of {} narrow faults found, {} of {} identified", killed(study.narrow_faults),
                       study.narrow_faults.size(), named(study.narrow_faults), nameable(study.narrow_faults));
  }
  if (study.narrow_controls.empty()) return text;
  const auto in_order = std::count_if(study.narrow_controls.begin(), study.narrow_controls.end(),
                                      [](const check::ControlResult& c) { return quiet(c) && answers(c); });
  return fmt::format("{}{}{} of {} narrow controls conform and answer at least 80 % of their cases", text,
                     text.empty() ? "" : "; ", in_order, study.narrow_controls.size());
}

std::string faults_text(const check::FaultStudy& study) {
  std::size_t width = widest(study.controls, widest(study.faults, 0));
  width = widest(study.narrow_controls, widest(study.narrow_faults, width));
  std::string text;
  add_lines(text, study.faults, width, fault_line);
  add_lines(text, study.controls, width, control_line);
  add_lines(text, study.narrow_faults, width, narrow_fault_line);
  add_lines(text, study.narrow_controls, width, narrow_control_line);
  return text;
}

bool as_promised(const check::FaultStudy& study) {
  const Faults& faults = study.faults;
  const Faults& narrow = study.narrow_faults;
  const auto all_killed = [](const Faults& of) { return std::cmp_equal(killed(of), of.size()); };
  const bool known = 10 * (named(faults) + named(narrow)) >= 9 * (nameable(faults) + nameable(narrow));
  const Controls& controls = study.controls;
  const Controls& gated = study.narrow_controls;
  const auto few = [](const Faults& of) {
    const auto all = static_cast<std::int64_t>(of.size());
    return 10 * count_if(of, has_one_finding) >= 9 * all && count_if(of, has_few_findings) == all &&
           count_if(of, is_misnamed) == 0 && count_if(of, replays) == all;
  };
  return all_killed(faults) && all_killed(narrow) && known && few(faults) && few(narrow) &&
         std::all_of(controls.begin(), controls.end(), quiet) &&
         std::all_of(gated.begin(), gated.end(),
                     [](const check::ControlResult& c) { return quiet(c) && answers(c); });
}

}  // namespace attest::report
