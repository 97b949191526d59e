#include "check/peers/peer_study.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>

#include "check/fault_study/study_kernel.hpp"
#include "check/fault_study/work.hpp"
#include "check/peers/problems.hpp"
#include "check/peers/verdict.hpp"

namespace attest::check {
namespace {

std::vector<double> outputs_of(kernel::Kernel& kernel, const Problem& problem) {
  const kernel::RunOutcome outcome = kernel.run(problem, {});
  return outcome.status == kernel::RunStatus::ok ? outcome.result.out.values() : std::vector<double>{};
}

// One problem of a rule in one type, with what its outputs are compared with.
struct Prepared {
  Problem problem;
  PeerReference reference;
};

// The 95th percentile of the largest errors of every correct kernel that answers, over the rule's problems.
double envelope_of(const std::vector<Prepared>& problems) {
  constexpr double kShare = 0.95;
  std::vector<double> errors;
  for (const faults::KernelControlEntry& entry : faults::control_catalogue()) {
    const std::unique_ptr<kernel::Kernel> kernel = study_kernel(entry);
    for (const Prepared& at : problems) {
      const std::vector<double> got = outputs_of(*kernel, at.problem);
      if (!got.empty()) errors.push_back(largest_error(got, at.reference.exact));
    }
  }
  std::sort(errors.begin(), errors.end());
  return errors[static_cast<std::size_t>(kShare * static_cast<double>(errors.size() - 1))];
}

std::vector<Prepared> prepared(const PeerRule& rule, DType dtype, std::uint64_t seed) {
  std::vector<Prepared> problems;
  for (const std::string_view shape : rule.shapes) {
    Problem problem = peer_problem(rule, shape, dtype, seed);
    PeerReference reference = peer_reference(rule, problem);
    problems.push_back({std::move(problem), std::move(reference)});
  }
  if (rule.test != PeerTest::envelope) return problems;
  const double envelope = envelope_of(problems);
  for (Prepared& at : problems) at.reference.envelope = envelope;
  return problems;
}

// One process runs a suite, so a kernel keeps its memory from problem to problem.
bool accepts_all(const PeerRule& rule, const std::vector<Prepared>& problems, const MakeKernel& make) {
  const std::unique_ptr<kernel::Kernel> kernel = make();
  return std::all_of(problems.begin(), problems.end(), [&](const Prepared& at) {
    const std::vector<double> got = outputs_of(*kernel, at.problem);
    return !got.empty() && accepts(rule, at.problem, at.reference, got);
  });
}

struct Subject {
  PeerRow row;
  MakeKernel make;
};

template <class Entry>
void add_subjects(const std::vector<Entry>& catalogue, const StudyOptions& options, bool correct,
                  std::size_t rules, std::vector<Subject>& subjects) {
  for (const Entry& entry : catalogue) {
    const std::string name(entry.name);
    const bool asked = std::find(options.names.begin(), options.names.end(), name) != options.names.end();
    if (!options.names.empty() && !asked) continue;
    for (const faults::DTypes& dtypes : study_dtypes(entry, options.dtypes)) {
      if (dtypes.q != dtypes.kv) continue;
      Subject subject;
      subject.row = {.name = name, .dtype = dtypes.q, .correct = correct, .accepts = {}, .flagged = false};
      subject.row.accepts.resize(rules);
      subject.make = [entry] { return study_kernel(entry); };
      subjects.push_back(std::move(subject));
    }
  }
}

void check_names(const std::vector<std::string>& names) {
  const auto has = [](const auto& catalogue, const std::string& name) {
    return std::any_of(catalogue.begin(), catalogue.end(),
                       [&](const auto& entry) { return entry.name == name; });
  };
  for (const std::string& name : names) {
    if (!has(faults::fault_catalogue(), name) && !has(faults::control_catalogue(), name))
      throw std::invalid_argument("no fault or control is named '" + name + "' (see attest list faults)");
  }
}

// A rule after the other, so that the problems of only one are held at a time.
void ask_rules(const StudyOptions& options, const std::vector<PeerRule>& rules,
               std::vector<Subject>& subjects) {
  const auto total = static_cast<std::int64_t>(rules.size());
  for (std::size_t at = 0; at < rules.size(); ++at) {
    if (options.progress) options.progress(static_cast<std::int64_t>(at), total, std::string(rules[at].name));
    for (const DType dtype : options.dtypes) {
      if (!rules[at].limits(dtype)) continue;
      const std::vector<Prepared> problems = prepared(rules[at], dtype, options.seed);
      std::vector<std::function<void()>> work;
      for (Subject& subject : subjects) {
        if (subject.row.dtype != dtype) continue;
        work.emplace_back(
            [&, at] { subject.row.accepts[at] = accepts_all(rules[at], problems, subject.make); });
      }
      run_all(work, options.jobs);
    }
  }
}

void ask_attest(StudyOptions options, std::vector<Subject>& subjects) {
  options.names.clear();  // every kernel by its name, so that no narrow one runs
  for (const Subject& subject : subjects) options.names.push_back(subject.row.name);
  const FaultStudy study = run_fault_study(options);
  std::map<std::pair<std::string, DType>, bool> flagged;
  for (const FaultResult& result : study.faults) {
    if (result.dtypes && result.dtypes->q == result.dtypes->kv)
      flagged[{result.name, result.dtypes->q}] = result.killed;
  }
  for (const ControlResult& result : study.controls)
    flagged[{result.name, result.dtypes.q}] = result.false_alarms > 0;
  for (Subject& subject : subjects) subject.row.flagged = flagged.at({subject.row.name, subject.row.dtype});
}

PeerStudy::Count count(const std::vector<PeerRow>& rows, bool correct,
                       const std::function<std::optional<bool>(const PeerRow&)>& accepts) {
  PeerStudy::Count counted;
  for (const PeerRow& row : rows) {
    const std::optional<bool> accepted = row.correct == correct ? accepts(row) : std::nullopt;
    if (!accepted) continue;
    ++counted.of;
    if (*accepted) ++counted.accepted;
  }
  return counted;
}

}  // namespace

PeerStudy::Count PeerStudy::accepted(std::size_t rule, bool correct) const {
  return count(rows, correct, [&](const PeerRow& row) { return row.accepts[rule]; });
}

PeerStudy::Count PeerStudy::accepted_by_attest(bool correct) const {
  return count(rows, correct, [](const PeerRow& row) { return std::optional(!row.flagged); });
}

PeerStudy::Count PeerStudy::accepted_by_attest(std::size_t rule, bool correct) const {
  return count(rows, correct, [&](const PeerRow& row) {
    return row.accepts[rule] ? std::optional(!row.flagged) : std::nullopt;
  });
}

PeerStudy run_peer_study(const StudyOptions& options, const std::vector<PeerRule>& rules) {
  check_names(options.names);
  StudyOptions taken = options;
  taken.whole = false;
  std::erase(taken.dtypes, DType::f64);
  std::vector<Subject> subjects;
  add_subjects(faults::fault_catalogue(), taken, false, rules.size(), subjects);
  add_subjects(faults::control_catalogue(), taken, true, rules.size(), subjects);
  if (subjects.empty())
    throw std::invalid_argument("none of these kernels runs in a type that the other suites examine");
  ask_attest(taken, subjects);
  ask_rules(taken, rules, subjects);
  PeerStudy study;
  for (Subject& subject : subjects) study.rows.push_back(std::move(subject.row));
  return study;
}

}  // namespace attest::check
