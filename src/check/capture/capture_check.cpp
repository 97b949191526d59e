#include "check/capture/capture_check.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "check/capture/capture_explain.hpp"
#include "check/checker/relaxed_contract.hpp"
#include "check/explain/explainer.hpp"
#include "check/findings/smallest_result.hpp"
#include "check/record/certified.hpp"
#include "check/record/problem_size.hpp"
#include "laws/inputs/edit.hpp"
#include "laws/law.hpp"
#include "laws/relations/breaches.hpp"
#include "oracle/contract/saturation.hpp"
#include "oracle/definition/visible.hpp"
#include "problem/key_value.hpp"
#include "problem/signature.hpp"

namespace attest::check {
namespace {

constexpr std::size_t kViolationsKept = 4096;
constexpr double kDiagnosedWork = 1e8;  // rows * keys * (qk_dim + v_dim) up to which known faults are tried

LawReport definition_report(const oracle::Judgement& judgement) {
  LawReport law;
  law.name = name_of(laws::LawId::definition);
  law.cases = 1;
  law.status = judgement.out.violated > 0 ? LawStatus::broken : LawStatus::held;
  law.broken = judgement.out.violated > 0 ? 1 : 0;
  return law;
}

LawReport lse_report(const oracle::Judgement& judgement, const Result& result) {
  LawReport law;
  law.name = name_of(laws::LawId::lse);
  if (!result.lse) {
    law.why = "the capture has no lse";
    return law;
  }
  law.cases = 1;
  law.status = judgement.lse.violated > 0 ? LawStatus::broken : LawStatus::held;
  law.broken = judgement.lse.violated > 0 ? 1 : 0;
  return law;
}

Finding finding_of(const Problem& problem, const oracle::Judgement& judgement,
                   const CaptureOptions& options) {
  laws::Breach breach = laws::breach_of_elements(problem, judgement.violations);
  const oracle::Element& worst = breach.elements.front();
  Finding finding;
  finding.law = name_of(breach.kind == laws::FindingKind::lse ? laws::LawId::lse : laws::LawId::definition);
  finding.kind = breach.kind;
  finding.summary = breach.summary;
  finding.problem = capture_row(problem, worst.b, worst.h, worst.i);
  finding.variant = fmt::format("batch {}, head {}, row {} alone", worst.b, worst.h, worst.i);
  finding.contract = finding.declared_contract = options.contract;
  finding.elements = std::move(breach.elements);
  for (const auto& [law, tally] :
       {std::pair{laws::LawId::definition, &judgement.out}, std::pair{laws::LawId::lse, &judgement.lse}}) {
    if (tally->violated > 0) finding.laws.emplace_back(name_of(law));
  }
  finding.first_seen = describe(problem);
  finding.seed = options.seed;
  return finding;
}

// Of every row, whether it was judged or not.
struct Glance {
  std::int64_t nan_rows = 0;  ///< whose output or lse is NaN
  bool all_zero = true;       ///< every output is 0
};

Glance glance_at(const Problem& problem, const Result& result) {
  Glance seen;
  std::vector<double> row(static_cast<std::size_t>(problem.v_dim()));
  for (std::int64_t b = 0; b < problem.batch(); ++b) {
    for (std::int64_t h = 0; h < problem.q_heads(); ++h) {
      for (std::int64_t i = 0; i < problem.q_len(); ++i) {
        load_row(result.out, b, h, i, row.data());
        bool zero = true;
        bool nan = result.lse && std::isnan(result.lse->at({b, h, i}));
        for (const double x : row) {
          zero &= x == 0;
          nan |= std::isnan(x);
        }
        seen.all_zero = seen.all_zero && zero;
        seen.nan_rows += nan ? 1 : 0;
      }
    }
  }
  return seen;
}

void add_mistrust(KernelReport& report, const oracle::Judgement& judgement, const Problem& problem,
                  const Result& result) {
  if (report.outputs == 0) report.mistrust.emplace_back("the result has no outputs");
  if (auto why = why_weak(report.informative, report.outputs, "")) report.mistrust.push_back(std::move(*why));
  const Glance seen = glance_at(problem, result);
  if (report.outputs > 0 && seen.all_zero && judgement.out.violated == 0) {
    report.mistrust.emplace_back("every output is 0");
  }
  if (judgement.coverage.suspicious > 0 && !judgement.violated()) {
    report.mistrust.push_back(fmt::format(
        "{} rows that were not judged hold NaN, infinity, or an output outside the range of the values",
        judgement.coverage.suspicious));
  }
  // NaN of inputs that are not finite, or of sums that a correct kernel may overflow, is no violation.
  if (const std::int64_t rows = seen.nan_rows; rows > 0 && !judgement.violated()) {
    report.mistrust.push_back(fmt::format("{} of the result hold{} NaN, which no bound here excludes",
                                          rows == 1 ? "a row" : fmt::format("{} rows", rows),
                                          rows == 1 ? "s" : ""));
  }
}

Verdict verdict_of(const KernelReport& report) {
  if (!report.findings.empty()) return Verdict::defective;
  if (report.inferred && report.inferred->kind == RelaxationClass::narrower) return Verdict::suspect;
  return report.mistrust.empty() ? Verdict::conforming : Verdict::mistrusted;
}

void fill(KernelReport& report, const oracle::Judgement& judgement, const Problem& problem,
          const Result& result) {
  report.rows = judgement.coverage;
  report.outputs = judgement.out.total();
  report.informative = certified(judgement.out);
  report.max_bound_ratio = std::max(judgement.out.ratios.max(), judgement.lse.ratios.max());
  report.median_bound_ratio = judgement.out.ratios.median();
  report.ratios = judgement.out.ratios;
  report.ratios.merge(judgement.lse.ratios);
  add_lengths(report, problem.q.dtype(), judgement.by_length);
  report.rows_by_tier = judgement.rows_by_tier;
  report.laws = {definition_report(judgement), lse_report(judgement, result)};
  add_mistrust(report, judgement, problem, result);
}

InferredContract inferred_of(const Relaxations& relaxations, const std::string& fields,
                             const oracle::ContractSet& contract, Finding withdrawn) {
  InferredContract inferred;
  inferred.fields = fields;
  inferred.text = contract.text;
  inferred.kind = kind_of(relaxations);
  for (const Relaxation* relaxation : relaxations) inferred.reasons.emplace_back(relaxation->sentence);
  inferred.evidence.push_back(std::move(withdrawn));
  return inferred;
}

// The same with storage of its own, gaps included. What diagnoses keep may outlive the caller's arrays, and
// known faults read between and behind the elements; one with negative strides has them before its first, and
// is packed.
Tensor with_own_storage(const Tensor& t) {
  if (t.owns_elements()) return t;
  const bool backward = std::any_of(t.strides().begin(), t.strides().end(), [](auto s) { return s < 0; });
  if (backward) return t.with_strides(row_major_strides(t.shape()));
  Tensor mine(t.dtype(), t.shape(), t.strides());
  std::copy_n(t.data(), mine.bytes().size(), mine.bytes().begin());
  return mine;
}

Problem with_own_storage(Problem problem) {
  for (const Input& input : kForward.inputs) {
    if (const Tensor* t = input.of(problem)) input.put(problem, with_own_storage(*t));
  }
  return problem;
}

Result with_own_storage(const Result& result) {
  Result mine;
  for (const OutputTensor& output : kForward.outputs) {
    if (const Tensor* t = output.of(result)) output.put(mine, with_own_storage(*t));
  }
  return mine;
}

// Narrow arithmetic shows in most rows. What shows in few has another cause, though some arithmetic is loose
// enough to allow it.
bool shows_in_most_rows(const oracle::Judgement& judgement) {
  std::set<std::array<std::int64_t, 3>> rows;
  for (const oracle::Element& e : judgement.violations) rows.insert({e.b, e.h, e.i});
  const bool all_kept = judgement.violations.size() < kViolationsKept;
  return !all_kept || 2 * static_cast<std::int64_t>(rows.size()) >= judgement.coverage.judged;
}

// Makes a finding of the violations, unless the contract is only assumed and another explains them: then that
// is the contract from now on.
void settle(KernelReport& report, const CapturedCase& captured, const CaptureOptions& options,
            oracle::ContractSet& contract, oracle::Judgement& judgement) {
  Finding finding = finding_of(captured.problem, judgement, options);
  if (products_of(captured.problem) <= kDiagnosedWork) {
    finding.diagnosis = faults::diagnose(
        {{with_own_storage(captured.problem), with_own_storage(captured.result)}}, {&contract});
    finding.diagnosed = true;
  }
  const Result shown = capture_row_result(captured.result, finding.problem, finding.elements.front());
  keep_result(finding, shown, contract);
  const auto first = first_class_for(finding);
  const auto found = first || contract.declared ? explain_capture(captured, finding.elements.front(),
                                                                  first.value_or(RelaxationClass::ordinary))
                                                : std::nullopt;
  const std::string fields =
      found ? fields_of(*found, captured.problem.q.dtype(), captured.problem.k.dtype()) : "";
  const bool convicts = contract.declared || (found && kind_of(*found) == RelaxationClass::narrower &&
                                              !shows_in_most_rows(judgement));
  if (!found || convicts) {
    finding.would_conform_under = fields;
    report.findings.push_back(std::move(finding));
    return;
  }
  contract = relaxed(contract, fields);
  judgement = oracle::judge(captured.problem, captured.result, contract, captured.how);
  report.inferred = inferred_of(*found, fields, contract, std::move(finding));
}

}  // namespace

Problem capture_row(const Problem& problem, std::int64_t b, std::int64_t h, std::int64_t i) {
  const std::int64_t group = problem.q_heads() / problem.kv_heads();
  Problem head = laws::with_batches(problem, {b});
  head = laws::with_kv_heads(head, {h / group});
  head = laws::with_group_members(head, {h % group});
  if (head.alibi_slopes) return head;  // distances depend on where the row stands among the others
  const std::vector<std::int64_t> keys = oracle::visible_keys(head, 0, 0, i);
  Problem row = laws::with_keys(laws::with_queries(head, {i}), keys);
  row.causal = Causal::none;
  row.window_left = row.window_right = -1;
  row.q_start.reset();
  leave_out(row, InputEffect::visibility);
  return row;
}

Result capture_row_result(const Result& result, const Problem& row, const oracle::Element& at) {
  Result part;
  for (const OutputTensor& output : kForward.outputs) {
    const Tensor* whole = output.of(result);
    if (whole == nullptr) continue;
    Tensor numbers(whole->dtype(), output.shape_in(row));
    std::vector<double> rows(static_cast<std::size_t>(numbers.count()));
    for (std::int64_t i = 0; i < row.q_len(); ++i)
      load_row(*whole, at.b, at.h, row.q_len() == 1 ? at.i : i, rows.data() + i * row_size(numbers));
    numbers.assign(rows);
    output.put(part, std::move(numbers));
  }
  return part;
}

KernelReport check_capture(const std::string& name, const Problem& problem, const Result& result,
                           const CaptureOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  oracle::ContractSet contract = oracle::contract_for(options.contract, problem.q.dtype(), problem.k.dtype());
  oracle::JudgeOptions how{.max_violations = kViolationsKept, .jobs = options.jobs};
  if (options.rows) {
    how.sample = oracle::RowSample{*options.rows, options.seed};
    how.suspicious_rows = oracle::kSuspiciousRows;
  }
  oracle::Judgement judgement = oracle::judge(problem, result, contract, how);

  KernelReport report;
  if (judgement.violated()) settle(report, {problem, result, contract, how}, options, contract, judgement);
  report.info.name = name;
  report.info.contract = options.contract;
  report.contract = contract.text;
  report.declared_contract = options.contract;
  report.contract_declared = contract.declared;
  report.saturates_at = oracle::saturation_keys(contract);
  report.seed = options.seed;
  report.cases = report.planned = 1;
  fill(report, judgement, problem, result);
  for (LawReport& law : report.laws) {
    if (law.status == LawStatus::broken) law.why = report.findings.front().summary;
  }
  report.verdict = verdict_of(report);
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return report;
}

}  // namespace attest::check
