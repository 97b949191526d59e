#include "report/forms/forms_report.hpp"
#include "report/number.hpp"

namespace attest::report {

Json matrix_json(const std::vector<forms::Cell>& cells) {
  Json json{{"laws", Json::array()},
            {"forms", Json::array()},
            {"semantics", Json::array()},
            {"cells", Json::array()}};
  for (const forms::MatrixLaw& law : forms::matrix_laws()) {
    json["laws"].push_back({{"name", law.name},
                            {"statement", law.statement},
                            {"theorems", law.theorems},
                            {"catches", law.catches}});
  }
  for (const forms::MatrixName& form : forms::matrix_forms())
    json["forms"].push_back({{"name", form.name}, {"meaning", form.meaning}});
  for (const forms::MatrixName& semantics : forms::matrix_semantics())
    json["semantics"].push_back({{"name", semantics.name}, {"meaning", semantics.meaning}});
  for (const forms::Cell& c : cells) {
    json["cells"].push_back({{"law", c.law},
                             {"form", c.form},
                             {"semantics", c.semantics},
                             {"status", name_of(c.status)},
                             {"cases", c.cases},
                             {"undecided", c.undecided},
                             {"why", c.why}});
  }
  return json;
}

Json growth_json(const forms::ErrorGrowth& growth) {
  Json json{{"most_keys", growth.most_keys},
            {"inputs", Json::array()},
            {"points", Json::array()},
            {"departures", Json::array()}};
  for (const forms::GrowthInputs& inputs : forms::growth_inputs())
    json["inputs"].push_back({{"name", inputs.name}, {"meaning", inputs.meaning}});
  for (const forms::GrowthPoint& p : growth.points) {
    json["points"].push_back({{"inputs", p.inputs},
                              {"semantics", p.semantics},
                              {"form", p.form},
                              {"keys", p.keys},
                              {"max_error", json_number(p.error)},
                              {"bound", json_number(p.bound)},
                              {"max_bound_ratio", json_number(p.ratio)}});
  }
  for (const forms::Departure& d : growth.departures) {
    json["departures"].push_back({{"semantics", d.semantics},
                                  {"limit", d.limit},
                                  {"denominator_exact_to", d.denominator_keys},
                                  {"largest_denominator", json_number(d.largest_denominator)},
                                  {"output_equals_f32_to", d.output_keys}});
  }
  return json;
}

}  // namespace attest::report
