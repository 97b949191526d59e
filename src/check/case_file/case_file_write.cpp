#include <cmath>

#include <fmt/format.h>

#include "check/case_file/case_json.hpp"

namespace attest::check {
namespace {

Json scalar_to_json(double value) { return number_to_json(value, DType::f64); }
Json scalar_to_json(std::int64_t value) { return value; }
Json scalar_to_json(Causal value) { return name_of(value); }

Json problem_to_json(const Problem& p) {
  Json json;
  for (const Scalar& scalar : kForward.scalars) {
    json[std::string(scalar.name)] =
        std::visit([&](auto at) { return scalar_to_json(p.*at); }, scalar.member);
  }
  json["want_lse"] = p.want_lse;
  for (const Input& input : kForward.inputs) {
    if (const Tensor* tensor = input.of(p)) json[std::string(input.name)] = tensor_to_json(*tensor);
  }
  for (const OutputTensor& output : kForward.outputs) {
    if (!(p.*output.strides).empty()) json[strides_member(output)] = p.*output.strides;
  }
  if (p.q_is_k) json["q_is_k"] = true;
  if (p.k_is_v) json["k_is_v"] = true;
  return json;
}

Json element_to_json(const oracle::Element& e) {
  Json json;
  json["b"] = e.b;
  json["h"] = e.h;
  json["i"] = e.i;
  json["channel"] = tensor_of(e.output).has_channels() ? e.channel : kNoChannel;
  json["expected"] = number_to_json(e.expected, DType::f64);
  json["got"] = number_to_json(e.got, DType::f64);
  json["bound"] = number_to_json(e.bound, DType::f64);
  json["ratio"] = number_to_json(e.ratio, DType::f64);
  return json;
}

// One member a line for objects near the top, everything deeper on its parent's line.
void write(const Json& json, int lines_deep, const std::string& indent, std::string& text) {
  if (!(json.is_object() || json.is_array()) || json.empty() || lines_deep == 0) {
    text += json.dump(-1, ' ', false, Json::error_handler_t::replace);
    return;
  }
  const bool object = json.is_object();
  const std::string inner = indent + "  ";
  text += object ? "{" : "[";
  bool first = true;
  for (const auto& [name, value] : json.items()) {
    text += first ? "\n" : ",\n";
    first = false;
    text += inner;
    if (object) text += Json(name).dump() + ": ";
    write(value, lines_deep - 1, inner, text);
  }
  text += "\n" + indent + (object ? "}" : "]");
}

}  // namespace

std::string format_case_file(const CaseFile& file) {
  Json json;
  json["schema"] = kCaseSchema;
  json["version"] = ATTEST_VERSION;
  json["kernel"] = file.kernel;
  json["law"] = file.law;
  json["kind"] = name_of(file.kind);
  json["summary"] = file.summary;
  json["variant"] = file.variant;
  json["contract"] = file.contract;
  json["declared_contract"] = file.declared_contract;
  if (!file.inferred_fields.empty()) {
    json["inferred_fields"] = file.inferred_fields;
    json["inferred_class"] = name_of(file.inferred_class);
  }
  json["seed"] = file.seed;
  json["placement"] = file.placement == kernel::Placement::page_end     ? "page-end"
                      : file.placement == kernel::Placement::page_begin ? "page-begin"
                                                                        : "misaligned";
  if (!file.earlier.empty()) {
    json["earlier"] = Json::array();
    for (const Problem& problem : file.earlier) json["earlier"].push_back(problem_to_json(problem));
  }
  json["problem"] = problem_to_json(file.problem);
  json["elements"] = Json::array();
  for (const oracle::Element& e : file.elements) json["elements"].push_back(element_to_json(e));
  std::string text;
  write(json, 2, "", text);
  return text + "\n";
}

}  // namespace attest::check
