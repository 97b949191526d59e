// Loading and calling a kernel leave its process as it was, and touch nothing outside it.
//
// Whoever calls next computes with what the kernel left behind. The worker looks before and after it loads
// the kernel and around each call; where a filter of system calls is at work, it also sees what a call did
// and undid, and what it was denied.

#include "laws/catalogue.hpp"

namespace attest::laws {
namespace {

std::string why_not(const Problem&, const oracle::ContractSet&) { return ""; }

std::vector<std::string> notes_on(const kernel::KernelInfo& info) {
  std::vector<std::string> notes;
  if (info.loading_flushes) notes.emplace_back("loading it switched flush-to-zero on");
  if (!info.unconfined.empty())
    notes.push_back("system calls of the kernel are not watched: " + info.unconfined);
  return notes;
}

Relation relate(Subject& subject, const std::vector<Call>&, const CallResults&) {
  const std::string& changed = subject.base().environment;
  const std::string& loading = subject.kernel_info().loading;
  Relation relation{std::nullopt, std::nullopt, notes_on(subject.kernel_info())};
  if (changed.empty() && loading.empty()) return relation;
  Breach breach;
  breach.kind = FindingKind::environment;
  breach.summary = changed;
  if (!loading.empty()) breach.summary += (changed.empty() ? "loading it " : "; loading it ") + loading;
  relation.breach = std::move(breach);
  return relation;
}

}  // namespace

Law environment_law() {
  return {.id = LawId::environment, .on_kernels = "exact", .why_not = why_not, .relate = relate};
}

}  // namespace attest::laws
