// Output = softmax-weighted mean of the visible values.

#include "laws/catalogue.hpp"
#include "laws/relations/breaches.hpp"

namespace attest::laws {
namespace {

std::string why_not(const Problem&, const oracle::ContractSet&) { return ""; }

Relation relate(Subject& subject, const std::vector<Call>&, const CallResults&) {
  return {breach_among(subject, [](const oracle::Element& e) { return e.in(Output::out); }), std::nullopt};
}

}  // namespace

Law definition_law() {
  return {.id = LawId::definition,
          .on_kernels = "certified bound",
          .why_not = why_not,
          .relate = relate,
          .wants_answer = true};
}

}  // namespace attest::laws
