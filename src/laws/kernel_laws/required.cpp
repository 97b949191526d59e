// What a user requires a kernel to take, it takes.
//
// Not among the laws that a campaign puts to every case: declining is no defect unless somebody asked.

#include "laws/catalogue.hpp"

namespace attest::laws {
namespace {

std::string why_not(const Problem&, const oracle::ContractSet&) { return ""; }

Relation relate(Subject&, const std::vector<Call>&, const CallResults&) { return {}; }

}  // namespace

Law required_law() {
  return {.id = LawId::required,
          .on_kernels = "exact",
          .why_not = why_not,
          .relate = relate,
          .wants_taken = true};
}

}  // namespace attest::laws
