// A call leaves its process as it found it: rounding mode, flushing of subnormals, floating-point traps,
// signal handlers, affinity and working directory.
//
// Whoever calls next computes with what the kernel left behind. The worker looks before and after each call.

#include "laws/catalogue.hpp"

namespace attest::laws {
namespace {

std::string why_not(const Problem&, const oracle::ContractSet&) { return ""; }

Relation relate(Subject& subject, const std::vector<Call>&, const CallResults&) {
  const std::string& changed = subject.base().environment;
  if (changed.empty()) return {};
  Breach breach;
  breach.kind = FindingKind::environment;
  breach.summary = "changes the state of its process: " + changed;
  return {std::move(breach), std::nullopt};
}

}  // namespace

Law environment_law() {
  return {.id = LawId::environment, .on_kernels = "exact", .why_not = why_not, .relate = relate};
}

}  // namespace attest::laws
