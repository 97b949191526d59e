// Output = softmax-weighted mean of the visible values.

#include "laws/catalogue.hpp"
#include "laws/relations/judged.hpp"

namespace attest {
namespace {

std::string why_not(const Problem&, const ContractSet&) { return ""; }

Relation relate(Subject& subject, const std::vector<Call>&, const CallResults&) {
  return {breach_among(subject, [](const Element& e) { return e.in(Output::out); }), std::nullopt};
}

}  // namespace

Law definition_law() {
  return {"definition",
          "the output is the softmax-weighted mean of the visible values",
          "certified bound",
          why_not,
          nullptr,
          nullptr,
          relate,
          1,
          false,
          true};
}

}  // namespace attest
