#include "check/case_file/replay.hpp"

#include <cmath>

#include <fmt/format.h>

#include "check/checker/checker.hpp"
#include "check/checker/relaxed_contract.hpp"
#include "check/explain/trial.hpp"
#include "laws/operation.hpp"
#include "problem/quote.hpp"

namespace attest::check {
namespace {

bool same_number(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

bool same_elements(const std::vector<oracle::Element>& a, const std::vector<oracle::Element>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const oracle::Element& x, const oracle::Element& y) {
                      return static_cast<const Place&>(x) == y && same_number(x.got, y.got);
                    });
}

bool holds_as_inferred(const CaseFile& file, const laws::Law& law, const oracle::ContractSet& contract,
                       kernel::Kernel& kernel, const kernel::RunOptions& options, unsigned jobs) {
  if (file.inferred_fields.empty() || contract.declared) return false;
  const oracle::ContractSet inferred = relaxed(contract, file.inferred_fields);
  laws::Subject subject(kernel, file.problem, inferred, options, jobs);
  return laws::evaluate(law, subject).standing != laws::LawStanding::broken;
}

std::string other_contract(const CaseFile& file, const laws::Law& law, const ReplayReport& report,
                           kernel::Kernel& kernel, std::chrono::milliseconds time_limit, unsigned jobs) {
  if (!is_number(report.kind)) return "";
  Trial trial(kernel, file.declared_contract, time_limit, jobs);
  return fields_that_explain(trial, {witness_of(file.problem, law, file.placement, report.elements)});
}

}  // namespace

ReplayReport replay(const CaseFile& file, kernel::Kernel& kernel, std::chrono::milliseconds time_limit,
                    unsigned jobs) {
  const laws::Law* law = laws::find_law(file.law);
  if (law == nullptr) {
    std::vector<std::string_view> names;
    for (const laws::Law& each : laws::forward_operation().laws()) names.push_back(each.name);
    const std::string guess = closest_word(file.law, names);
    throw CaseFileError(fmt::format("case file: there is no law \"{}\"; {}", quote(file.law),
                                    guess.empty() ? "attest list laws names them" : "did you mean " + guess));
  }
  const oracle::ContractSet contract =
      oracle::contract_for(file.declared_contract, file.problem.q.dtype(), file.problem.k.dtype());
  kernel::RunOptions options;
  options.time_limit = time_limit;
  options.placement = file.placement;
  if (!file.earlier.empty()) kernel.forget();
  for (const Problem& problem : file.earlier) kernel.run(problem, options);
  laws::Subject subject(kernel, file.problem, contract, options, jobs);
  laws::LawOutcome outcome = laws::evaluate(*law, subject);
  if (outcome.standing == laws::LawStanding::not_applicable) {
    throw CaseFileError(
        fmt::format("case file: the law \"{}\" does not apply to its problem: {}", file.law, outcome.why));
  }
  ReplayReport report;
  if (outcome.standing == laws::LawStanding::declined) {
    report.status = ReplayStatus::declined;
  } else if (outcome.standing == laws::LawStanding::held) {
    report.elements = {subject.judgement().worst};
  } else {
    report.status = ReplayStatus::broken;
    report.kind = outcome.breach->kind;
    report.summary = outcome.breach->summary;
    report.crash = std::move(outcome.breach->crash);
    report.printed = std::move(outcome.breach->printed);
    report.elements = std::move(outcome.breach->elements);
    report.same_numbers = report.kind == file.kind && same_elements(report.elements, file.elements);
    if (holds_as_inferred(file, *law, contract, kernel, options, jobs))
      report.status = ReplayStatus::explained;
    else
      report.would_conform_under = other_contract(file, *law, report, kernel, time_limit, jobs);
  }
  return report;
}

}  // namespace attest::check
