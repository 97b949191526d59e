// The lse of a row is ln of the sum of exp(score) over its visible keys and its sink: sum exp(score - lse)
// = 1.

#include <cmath>

#include <fmt/format.h>

#include "laws/catalogue.hpp"
#include "laws/relations/breaches.hpp"

namespace attest::laws {
namespace {

std::string why_not(const Problem& problem, const oracle::ContractSet&) {
  return problem.want_lse ? "" : "lse is not requested";
}

Relation relate(Subject& subject, const std::vector<Call>&, const CallResults&) {
  Relation relation{breach_among(subject, [](const oracle::Element& e) { return e.in(Output::lse); }),
                    std::nullopt};
  if (relation.breach) {
    const oracle::Element& worst = relation.breach->elements.front();
    const double ln2 = std::log(2.0);
    // The commonest error deserves its name: a base-2 lse is the natural one divided by ln 2.
    if (std::fabs(worst.expected) > 4 * worst.bound &&
        std::fabs(worst.got * ln2 - worst.expected) <= worst.bound) {
      relation.breach->summary += ", as if in base 2";
    }
  }
  return relation;
}

}  // namespace

Law lse_law() {
  return {.id = LawId::lse, .on_kernels = "certified bound", .why_not = why_not, .relate = relate};
}

}  // namespace attest::laws
