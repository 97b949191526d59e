#include "report/space/space_json.hpp"

#include <algorithm>

#include "report/number.hpp"

namespace attest::report {
namespace {

Json certificate_json(const space::CertifiedPair& pair) {
  const space::SpaceCertificate& c = pair.certificate;
  std::uint64_t heap = 0;
  for (const space::CertifiedRun& run : c.runs) heap += run.heap_allocations;
  return {{"name", c.name},
          {"layers", c.shape.layers},
          {"lengths", c.runs.size()},
          {"formula_words", c.formula_words},
          {"heap_allocations", heap},
          {"max_stack_bytes", c.max_stack_bytes()},
          {"holds", pair.holds()},
          {"failures", c.failures},
          {"twin", {{"name", pair.twin.name}, {"failures", pair.twin.failures}}}};
}

Json entry_json(const space::LedgerEntry& e) {
  return {{"name", e.name},
          {"layers", e.layers},
          {"length", e.length},
          {"working_words", e.working_words},
          {"formula", e.formula},
          {"formula_words", e.formula_words},
          {"tape_words", e.tape_words},
          {"prefix_words", e.prefix_words},
          {"leaf_evaluations", e.leaf_evaluations},
          {"closed_form", e.closed_form},
          {"leaves_formula", e.leaves_formula},
          {"steps", e.steps},
          {"heap_allocations", e.heap_allocations},
          {"stack_bytes", e.stack_bytes},
          {"same_bits", e.same_bits},
          {"max_difference", json_number(e.max_difference)},
          {"holds", e.holds()}};
}

Json point_json(const space::FrontierPoint& p) {
  Json json{{"name", p.name},
            {"layers", p.layers},
            {"length", p.length},
            {"formula_words", p.words},
            {"formula", p.formula},
            {"counted", p.counted},
            {"leaf_evaluations", nullptr},
            {"steps", nullptr},
            {"operations", nullptr},
            {"closed_form", nullptr},
            {"holds", p.holds()}};
  if (p.counted) {
    json["leaf_evaluations"] = p.leaf_evaluations;
    json["steps"] = p.steps;
    json["operations"] = p.operations;
  }
  if (p.closed_form) json["closed_form"] = p.closed_form->leaves;
  return json;
}

Json flip_book_json(const space::FlipBookEntry& e) {
  return {{"name", e.name},
          {"length", e.length},
          {"state_words", e.state_words},
          {"formula_words", e.formula_words},
          {"formula", e.formula},
          {"steps", e.steps},
          {"closed_form", e.closed_form},
          {"heap_allocations", e.heap_allocations},
          {"stack_bytes", e.stack_bytes},
          {"same_bits", e.same_bits},
          {"holds", e.holds()}};
}

}  // namespace

Json space_json(const space::SpaceReport& report) {
  Json json;
  std::string access_model(space::kAccessModel);
  std::ranges::replace(access_model, '\n', ' ');
  json["access_model"] = access_model;
  json["certificates"] = json["evaluators"] = json["frontier"] = json["flip_books"] = Json::array();
  for (const space::CertifiedPair& pair : report.certificates)
    json["certificates"].push_back(certificate_json(pair));
  for (const space::LedgerEntry& entry : report.evaluators) json["evaluators"].push_back(entry_json(entry));
  for (const auto& points : report.frontiers) {
    for (const space::FrontierPoint& point : points) json["frontier"].push_back(point_json(point));
  }
  for (const space::FlipBookEntry& entry : report.flip_books)
    json["flip_books"].push_back(flip_book_json(entry));
  return json;
}

}  // namespace attest::report
