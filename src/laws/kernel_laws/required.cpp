// What a user requires a kernel to take, it takes.
//
// Not among the laws that a campaign puts to every case: declining is no defect unless somebody asked.

#include "laws/catalogue.hpp"

namespace attest {
namespace {

std::string why_not(const Problem&, const ContractSet&) { return ""; }

Relation relate(Subject&, const std::vector<Call>&, const CallResults&) { return {}; }

}  // namespace

Law required_law() {
  Law law{
      "required", "the kernel accepts everything that --require names", "exact", why_not, nullptr, nullptr,
      relate};
  law.wants_taken = true;
  return law;
}

}  // namespace attest
