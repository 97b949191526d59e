#include "report/compare/compare_json.hpp"

#include "report/check/case_text.hpp"
#include "report/check/check_json.hpp"
#include "report/number.hpp"

namespace attest::report {
namespace {

Json differences_json(const check::Differences& d) {
  return {{"cases", d.cases},
          {"equal_cases", d.equal_cases},
          {"outputs", d.outputs},
          {"equal_bits", d.equal},
          {"unlike", d.unlike},
          {"largest_ulp", json_number(d.largest_ulp)},
          {"bounded", d.ratios.count()},
          {"largest_ratio", json_number(d.ratios.max())},
          {"median_ratio", json_number(d.ratios.median())},
          {"beyond", d.beyond}};
}

Json named_json(const check::DifferenceBook::Named& named) {
  Json json = Json::object();
  for (const auto& [name, differences] : named) json[name] = differences_json(differences);
  return json;
}

Json farthest_json(const check::DifferingOutput& f) {
  if (f.ratio < 0) return nullptr;
  oracle::Element place;
  static_cast<Place&>(place) = f;
  return {{"case", f.where},
          {"at", element_name(place)},
          {"first", json_number(f.first)},
          {"second", json_number(f.second)},
          {"expected", json_number(f.expected)},
          {"first_bound", json_number(f.first_bound)},
          {"second_bound", json_number(f.second_bound)},
          {"ratio", json_number(f.ratio)}};
}

Json side_json(const check::PairReport& report, std::size_t kernel) {
  Json json = kernel_json(report.kernels[kernel]);
  for (std::size_t i = 0; i < report.others[kernel].size(); ++i) {
    const check::OtherAnswer& other = report.others[kernel][i];
    json["findings"][i]["other"] = {{"answer", name_of(other.kind)},
                                    {"got", other.got ? json_number(*other.got) : Json(nullptr)},
                                    {"summary", other.summary}};
  }
  return json;
}

}  // namespace

Json pair_json(const check::PairReport& report) {
  Json json{{"first", report.kernels[0].info.name},
            {"second", report.kernels[1].info.name},
            {"verdict", name_of(report.verdict)},
            {"wrong", Json::array()},
            {"why", report.why}};
  for (std::size_t kernel = 0; kernel < 2; ++kernel) {
    if (report.wrong(kernel)) json["wrong"].push_back(report.kernels[kernel].info.name);
  }
  json["declined"] = report.kernels[0].declined;
  json["differences"] = differences_json(report.differences.all());
  json["farthest"] = farthest_json(report.differences.farthest());
  json["by_feature"] = named_json(report.differences.by_feature());
  json["by_shape"] = named_json(report.differences.by_shape());
  json["seconds"] = json_number(report.seconds);
  json["kernels"] = Json::array({side_json(report, 0), side_json(report, 1)});
  return json;
}

}  // namespace attest::report
