#include "report/check/check_json.hpp"

#include <algorithm>
#include <utility>

#include "check/baseline/baseline.hpp"
#include "oracle/noise/alarm.hpp"
#include "problem/inputs.hpp"
#include "report/check/case_text.hpp"
#include "report/check/coverage_text.hpp"
#include "report/check/crash_text.hpp"
#include "report/check/crossings_text.hpp"
#include "report/check/inferred_text.hpp"
#include "report/check/region_text.hpp"
#include "report/number.hpp"

namespace attest::report {
namespace {

constexpr std::int64_t kSmallInputs = 256;  // values of a case that go into the report itself

Json shape_json(const Problem& p) {
  return {{"batch", p.batch()},   {"q_heads", p.q_heads()}, {"kv_heads", p.kv_heads()}, {"q_len", p.q_len()},
          {"kv_len", p.kv_len()}, {"qk_dim", p.qk_dim()},   {"v_dim", p.v_dim()}};
}

Json features_json(const Problem& p) {
  Json features = Json::array();
  const auto add = [&](bool on, std::string name) {
    if (on) features.push_back(std::move(name));
  };
  add(p.causal == Causal::top_left, "causal-top-left");
  add(p.causal == Causal::bottom_right, "causal-bottom-right");
  add(p.window_left != -1, "window-left");
  add(p.window_right != -1, "window-right");
  add(p.softcap != 0, "softcap");
  for (const Input& input : optional_inputs()) {
    std::string name(input.short_name);
    std::replace(name.begin(), name.end(), '_', '-');
    add(input.of(p) != nullptr, name);
  }
  add(p.q_heads() != p.kv_heads(), "gqa");
  add(p.want_lse, "lse");
  return features;
}

Json case_json(const check::Finding& finding) {
  const Problem& p = finding.problem;
  Json json{{"shape", shape_json(p)},
            {"dtype", {{"q", name_of(p.q.dtype())}, {"kv", name_of(p.k.dtype())}}},
            {"features", features_json(p)},
            {"seed", finding.seed}};
  if (p.q.count() + p.k.count() + p.v.count() <= kSmallInputs) json["inputs"] = input_lines(p);
  return json;
}

// What the kernel returned on a small smallest case, in row-major order.
Json result_json(const check::Finding& finding) {
  if (!finding.result || finding.result->result.out.count() > kSmallInputs) return nullptr;
  const auto numbers = [](const Tensor& tensor) {
    Json list = Json::array();
    for (const double x : tensor.values()) list.push_back(json_number(x));
    return list;
  };
  const Result& result = finding.result->result;
  Json json{{"out", numbers(result.out)}, {"lse", nullptr}, {"wrong", Json::array()}};
  if (result.lse) json["lse"] = numbers(*result.lse);
  for (const Place& place : finding.result->wrong)
    json["wrong"].push_back(element_name(oracle::Element{place}));
  return json;
}

Json finding_json(const check::Finding& finding, const std::string& kernel) {
  Json json{{"identity", check::identity_of(kernel, finding)},
            {"law", finding.law},
            {"kind", name_of(finding.kind)},
            {"summary", finding.summary}};
  if (!finding.form.empty()) json["form"] = finding.form;
  json["variant"] = finding.variant;
  json["case"] = case_json(finding);
  // The worst element stands for the finding; the others follow in "elements".
  if (!finding.elements.empty()) {
    const oracle::Element& worst = finding.elements.front();
    json["expected"] = json_number(worst.expected);
    json["got"] = json_number(worst.got);
    json["bound_ratio"] = json_number(worst.ratio);
  }
  json["elements"] = Json::array();
  for (const oracle::Element& e : finding.elements) {
    json["elements"].push_back({{"at", element_name(e)},
                                {"expected", json_number(e.expected)},
                                {"got", json_number(e.got)},
                                {"bound", json_number(e.bound)},
                                {"bound_ratio", json_number(e.ratio)}});
  }
  json["result"] = result_json(finding);
  json["diagnosis"] = Json::array();
  for (const faults::Diagnosis& d : finding.diagnosis) {
    Json entry{{"fault", d.fault()}, {"meaning", faults::entry_of(d.hypothesis.fault).sentence}};
    if (d.hypothesis.tile != 0) entry["tile"] = d.hypothesis.tile;
    entry["alpha"] = json_number(d.alpha);
    entry["sigma"] = json_number(d.sigma);
    entry["certified"] = d.certified;
    entry["named"] = d.named;
    if (!d.condition.empty()) entry["condition"] = d.condition;
    json["diagnosis"].push_back(std::move(entry));
  }
  json["explanation"] = finding.explanation.empty() ? Json(nullptr) : Json(finding.explanation);
  json["symptoms"] = finding.symptoms;
  json["would_conform_under"] =
      finding.would_conform_under.empty() ? Json(nullptr) : Json(finding.would_conform_under);
  json["crash"] = crash_json(finding.crash);
  json["printed"] = finding.printed;
  json["laws"] = finding.laws;
  json["cases"] = finding.cases;
  json["replay"] = finding.file.empty() ? Json(nullptr) : Json(replay_command(finding));
  return json;
}

Json laws_json(const check::KernelReport& report) {
  Json laws = Json::object();
  for (const check::LawReport& law : report.laws) {
    Json entry{{"status", name_of(law.status)}, {"cases", law.cases}};
    entry["bitwise"] = law.bitwise ? Json(*law.bitwise) : Json(nullptr);
    if (law.unsupported > 0) entry["unsupported"] = law.unsupported;
    if (law.not_examined > 0) entry["not_examined"] = law.not_examined;
    if (!law.why.empty()) entry["why"] = law.why;
    if (!law.notes.empty()) entry["notes"] = law.notes;
    laws[law.name] = std::move(entry);
  }
  return laws;
}

Json ratios_json(const check::KernelReport& report) {
  Json octaves = Json::array();
  for (const oracle::RatioHistogram::Octave& octave : report.ratios.octaves())
    octaves.push_back({{"up_to", octave.upper}, {"count", octave.count}});
  return octaves;
}

Json lengths_json(const check::KernelReport& report) {
  Json lengths = Json::array();
  for (const check::LengthReport& length : report.by_length) {
    lengths.push_back({{"dtype", length.dtype},
                       {"keys_up_to", length.keys},
                       {"rows", length.rows},
                       {"max_bound_ratio", json_number(length.bound_ratio)}});
  }
  return lengths;
}

Json families_json(const check::KernelReport& report) {
  Json families = Json::array();
  for (const check::FamilyReport& family : report.families) {
    families.push_back({{"name", family.name},
                        {"reason", family.reason},
                        {"generic", family.generic},
                        {"cases", family.cases},
                        {"declined", family.declined},
                        {"outputs", family.outputs},
                        {"informative", family.informative}});
  }
  return families;
}

Json contracts_json(const check::KernelReport& report) {
  Json contracts = Json::array();
  for (const check::ContractReport& c : report.contracts) {
    const auto& shortest = c.lengths.shortest_uninformative;
    contracts.push_back({{"contract", c.text},
                         {"declared", c.declared},
                         {"dtypes", c.dtypes},
                         {"saturates_at_keys", c.saturates_at ? Json(*c.saturates_at) : Json(nullptr)},
                         {"longest_informative_row", c.lengths.longest_informative},
                         {"shortest_uninformative_row", shortest ? Json(*shortest) : Json(nullptr)}});
  }
  return contracts;
}

Json memory_json(const check::MemoryReport& memory) {
  Json json = Json::object();
  json["stack_bytes"] = memory.stack_bytes ? Json(*memory.stack_bytes) : Json(nullptr);
  if (memory.stack_bytes) json["stack_case"] = memory.stack_case;
  json["heap_bytes"] = memory.heap_bytes ? Json(*memory.heap_bytes) : Json(nullptr);
  if (memory.heap_bytes) json["heap_case"] = memory.heap_case;
  return json;
}

Json alarm_json(const check::AlarmReport& alarm) {
  Json json{{"problems", alarm.problems}, {"outputs", alarm.outputs}};
  json["false_alarm_probability"] = json_number(oracle::kFalseAlarm);
  if (!alarm.why_not.empty()) json["why_not"] = alarm.why_not;
  json["largest_sigmas"] = json_number(alarm.largest_sigmas);
  json["output_threshold"] = json_number(alarm.output_threshold);
  json["biases"] = Json::object();
  for (const auto& [name, sigmas] : alarm.biases) json["biases"][name] = json_number(sigmas);
  json["bias_threshold"] = json_number(alarm.bias_threshold);
  json["suspicions"] = alarm.suspicions;
  return json;
}

}  // namespace

Json kernel_json(const check::KernelReport& r) {
  Json json{{"name", r.info.name},
            {"version", r.info.version},
            {"verdict", name_of(r.verdict)},
            {"contract", r.contract},
            {"contract_declared", r.contract_declared},
            {"contract_inferred", r.inferred ? inferred_json(*r.inferred) : Json(nullptr)},
            {"contract_saturates_at_keys", r.saturates_at ? Json(*r.saturates_at) : Json(nullptr)},
            {"cases", r.cases},
            {"declined", r.declined},
            {"planned", r.planned},
            {"stopped_early", r.stopped_early},
            {"outputs", r.outputs},
            {"informative", r.informative},
            {"max_bound_ratio", json_number(r.max_bound_ratio)},
            {"median_bound_ratio", json_number(r.median_bound_ratio)},
            {"seconds", json_number(r.seconds)}};
  if (r.stopped_early) json["why_stopped"] = r.why_stopped;
  if (!r.same_bits_as.empty()) json["same_bits_as"] = r.same_bits_as;
  if (r.rows) json["rows"] = coverage_json(*r.rows);
  json["bound_ratios"] = ratios_json(r);
  json["by_length"] = lengths_json(r);
  json["contracts"] = contracts_json(r);
  json["alarm"] = alarm_json(r.alarm);
  json["memory"] = memory_json(r.memory);
  if (!r.info.kv_lens_by_mask.empty()) json["kv_lens_by_mask"] = r.info.kv_lens_by_mask;
  for (std::size_t tier = 0; tier < oracle::kTiers; ++tier) {
    json["rows_by_tier"][std::string(name_of(static_cast<oracle::Tier>(tier)))] = r.rows_by_tier[tier];
  }
  json["mistrust"] = r.mistrust;
  if (r.region.calls > 0) json["accepts"] = accepts_json(r.region);
  json["declines"] = r.region.declines;
  json["not_examined"] = r.region.not_examined;
  json["left_out"] = r.left_out;
  json["shrink_steps_left_out"] = r.shrink_steps_left_out;
  if (!r.coverage.features.empty()) json["coverage"] = crossings_json(r.coverage);
  json["laws"] = laws_json(r);
  json["families"] = families_json(r);
  json["findings"] = Json::array();
  for (const check::Finding& finding : r.findings) {
    json["findings"].push_back(finding_json(finding, r.info.name));
  }
  return json;
}

}  // namespace attest::report
