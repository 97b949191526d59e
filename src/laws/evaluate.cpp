#include "laws/evaluate.hpp"

#include <csignal>
#include <map>

#include <fmt/format.h>

#include "oracle/contract/questions.hpp"

namespace attest::laws {
namespace {

LawOutcome broken(Breach breach) {
  LawOutcome outcome;
  outcome.standing = LawStanding::broken;
  outcome.breach = std::move(breach);
  return outcome;
}

LawOutcome undecided(LawStanding standing, std::string why) {
  LawOutcome outcome;
  outcome.standing = standing;
  outcome.why = std::move(why);
  return outcome;
}

// A crash that only an inaccessible page right behind the tensors brings about is an access past their ends,
// even where the kernel's own signal handler hid which.
void name_overrun(Subject& subject, Breach& breach) {
  const int signal = subject.base().code;
  if (breach.kind != FindingKind::crash || subject.placement() == kernel::Placement::misaligned) return;
  if (signal != SIGSEGV && signal != SIGBUS) return;
  if (subject.run_elsewhere().status == kernel::RunStatus::crashed) return;
  breach.kind = FindingKind::memory;
  breach.summary =
      subject.placement() == kernel::Placement::page_end
          ? "accesses memory past the end of a tensor: it crashes only if an inaccessible page follows"
          : "accesses memory before a tensor: it crashes only if an inaccessible page precedes it";
}

// What the calls printed, by variant; the base call has none.
class Prints {
 public:
  explicit Prints(const kernel::RunOutcome& base) { add("", base.printed); }
  void add(const std::string& variant, std::vector<std::string> lines) {
    by_variant_.emplace(variant, std::move(lines));
  }
  void attach(std::optional<Breach>& breach) const {
    if (!breach) return;
    const auto of_variant = by_variant_.find(breach->variant);
    breach->printed = of_variant != by_variant_.end() ? of_variant->second : by_variant_.at("");
  }

 private:
  std::map<std::string, std::vector<std::string>> by_variant_;
};

// Of a law whose changed calls gave no result.
LawOutcome unanswered(bool asked, std::string declined, std::int64_t left_out) {
  LawOutcome outcome =
      asked ? undecided(LawStanding::declined, std::move(declined))
            : undecided(LawStanding::not_examined, "every changed call is outside what the kernel accepts");
  outcome.left_out = left_out;
  return outcome;
}

std::string why_not_asked(const Law& law, const Subject& subject) {
  if (!oracle::may_be_given(subject.contract(), subject.problem()))
    return "the kernel's cache does not hold the keys or values";
  return law.why_not(subject.problem(), subject.contract());
}

}  // namespace

std::optional<Breach> breach_of(const kernel::RunOutcome& outcome, const std::string& variant) {
  Breach breach;
  switch (outcome.status) {
    case kernel::RunStatus::unsupported:
      return std::nullopt;
    case kernel::RunStatus::ok:
      if (outcome.trespass == kernel::Trespass::none) return std::nullopt;
      breach.kind =
          outcome.trespass == kernel::Trespass::input ? FindingKind::input_mutated : FindingKind::memory;
      breach.summary = outcome.detail;
      break;
    case kernel::RunStatus::failed:
      breach.kind = FindingKind::failed;
      breach.summary =
          outcome.detail.empty() ? fmt::format("returned status {}", outcome.code) : outcome.detail;
      break;
    case kernel::RunStatus::crashed:
      breach.kind = outcome.trespass == kernel::Trespass::none    ? FindingKind::crash
                    : outcome.trespass == kernel::Trespass::input ? FindingKind::input_mutated
                                                                  : FindingKind::memory;
      breach.summary = "crashes: " + outcome.detail;
      break;
    case kernel::RunStatus::timed_out:
      breach.kind = FindingKind::timeout;
      breach.summary = "does not return: " + outcome.detail;
      break;
  }
  breach.variant = variant;
  breach.crash = outcome.crash;
  breach.printed = outcome.printed;
  if (!variant.empty()) breach.summary += fmt::format(" (with {})", variant);
  return breach;
}

LawOutcome evaluate(const Law& law, Subject& subject, std::int64_t more_calls) {
  if (std::string why = why_not_asked(law, subject); !why.empty()) {
    return undecided(LawStanding::not_applicable, std::move(why));
  }
  const kernel::RunOutcome& base = subject.base();
  if (base.status == kernel::RunStatus::unsupported) {
    if (!law.wants_taken) return undecided(LawStanding::declined, "declined");
    Breach breach;
    breach.kind = FindingKind::declined;
    breach.summary = "declines a problem that --require names";
    return broken(std::move(breach));
  }
  if (auto breach = breach_of(base, "")) {
    if (!law.wants_answer) return undecided(LawStanding::not_applicable, "no case returned a result");
    name_overrun(subject, *breach);
    return broken(std::move(*breach));
  }

  const std::vector<Call> calls =
      law.calls == nullptr ? std::vector<Call>{} : law.calls(subject.problem(), subject.contract());
  CallResults results;
  Prints prints(base);
  bool any = false;
  std::int64_t left_out = 0;
  std::string declined = "the kernel declines every changed call";
  for (const Call& call : calls) {
    if (!subject.asks(call.problem)) {
      ++left_out;
      results.emplace_back();
      continue;
    }
    kernel::RunOutcome outcome = subject.run(call);
    if (auto breach = breach_of(outcome, call.variant)) {
      if (call.threads == 0) breach->culprit = call.problem;
      return broken(std::move(*breach));
    }
    prints.add(call.variant, std::move(outcome.printed));
    const bool ok = outcome.status == kernel::RunStatus::ok;
    any = any || ok;
    if (call.threads != 0 && !ok) declined = outcome.detail;
    results.push_back(ok ? std::optional(std::move(outcome.result)) : std::nullopt);
  }
  if (!calls.empty() && !any)
    return unanswered(left_out < static_cast<std::int64_t>(calls.size()), std::move(declined), left_out);

  Relation relation = law.relate(subject, calls, results);
  if (!relation.breach && more_calls > 0 && law.endure != nullptr) {
    relation.breach = law.endure(subject, more_calls);
    if (relation.breach) relation.bitwise = false;
  }
  prints.attach(relation.breach);
  LawOutcome outcome;
  outcome.standing = relation.breach ? LawStanding::broken : LawStanding::held;
  outcome.breach = std::move(relation.breach);
  outcome.bitwise = relation.bitwise;
  outcome.notes = std::move(relation.notes);
  outcome.left_out = left_out;
  return outcome;
}

}  // namespace attest::laws
