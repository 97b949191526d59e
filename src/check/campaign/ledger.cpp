#include "check/campaign/ledger.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "check/generate/families.hpp"
#include "check/record/certified.hpp"
#include "laws/operation.hpp"

namespace attest::check {
Ledger::Ledger() {
  for (const laws::Law& law : laws::forward_operation().laws()) {
    LawReport report;
    report.name = law.name;
    laws_.push_back(std::move(report));
  }
  for (const Family& family : families()) {
    FamilyReport report;
    report.name = family.name;
    report.reason = family.reason;
    report.generic = family.generic;
    families_.push_back(std::move(report));
  }
}

void Ledger::declined(std::size_t family, std::int64_t cases) {
  declines_ += cases;
  families_[family].declined += cases;
}

void Ledger::answered(std::size_t family, std::int64_t cases) {
  cases_ += cases;
  families_[family].cases += cases;
}

void Ledger::checked(std::size_t family, const CheckedProblem& checked, const std::string& where) {
  prepared(checked);
  if (!checked.contract.empty()) lengths_[checked.contract].merge(checked.lengths);
  alarm_.add(checked.noise, where);
  families_[family].outputs += checked.out.total();
  families_[family].informative += certified(checked.out);
}

void Ledger::prepared(const CheckedProblem& checked) {
  for (const CheckedLaw& law : checked.laws) count_law(law);
  out_.merge(checked.out);
  lse_.merge(checked.lse);
  by_length_[checked.dtype].merge(checked.by_length);
  for (std::size_t tier = 0; tier < oracle::kTiers; ++tier) rows_by_tier_[tier] += checked.rows_by_tier[tier];
  all_zero_ = all_zero_ && checked.all_zero;
}

void Ledger::count_law(const CheckedLaw& checked) {
  const laws::LawOutcome& outcome = checked.outcome;
  const auto of = std::find_if(laws_.begin(), laws_.end(),
                               [&](const LawReport& l) { return l.name == checked.law->name; });
  left_out_ += outcome.left_out;
  if (outcome.standing == laws::LawStanding::declined) ++of->unsupported;
  if (outcome.standing == laws::LawStanding::not_examined) ++of->not_examined;
  const bool decided =
      outcome.standing == laws::LawStanding::held || outcome.standing == laws::LawStanding::broken;
  if (!decided) {
    // That a law says nothing about some problem tells less than that its calls are not taken.
    const bool tells_less =
        outcome.standing == laws::LawStanding::not_applicable && of->unsupported + of->not_examined > 0;
    if (of->cases == 0 && !tells_less) of->why = outcome.why;
    return;
  }
  if (of->cases == 0) of->why.clear();
  ++of->cases;
  if (outcome.standing == laws::LawStanding::broken) {
    ++of->broken;
    of->status = LawStatus::broken;
    if (of->why.empty()) of->why = outcome.breach->summary;
  } else if (of->status == LawStatus::not_applicable) {
    of->status = LawStatus::held;
  }
  for (const std::string& note : outcome.notes) ++of->notes[note];
  if (outcome.bitwise) of->bitwise = of->bitwise.value_or(true) && *outcome.bitwise;
}

AlarmReport Ledger::alarm_report() const {
  AlarmReport report;
  report.problems = alarm_.problems();
  report.outputs = alarm_.outputs();
  report.output_threshold = alarm_.output_threshold();
  report.bias_threshold = oracle::Alarm::bias_threshold();
  report.suspicions = alarm_.suspicions();
  if (report.outputs == 0) {
    report.why_not = "no output of a generic input has an informative bound";
    return report;
  }
  report.largest_sigmas = alarm_.largest()->sigmas;
  for (const oracle::Bias bias : {oracle::Bias::out, oracle::Bias::outward, oracle::Bias::lse})
    report.biases.emplace_back(name_of(bias), alarm_.bias(bias));
  return report;
}

void Ledger::fill(KernelReport& report, std::int64_t needed) const {
  report.cases = cases_;
  report.declined = declines_;
  report.left_out = left_out_;
  report.outputs = out_.total();
  report.informative = certified(out_);
  report.max_bound_ratio = std::max(out_.ratios.max(), lse_.ratios.max());
  report.median_bound_ratio = out_.ratios.median();
  report.ratios = out_.ratios;
  report.ratios.merge(lse_.ratios);
  for (const auto& [dtype, ratios] : by_length_) add_lengths(report, dtype, ratios);
  report.rows_by_tier = rows_by_tier_;
  report.laws = laws_;
  for (LawReport& law : report.laws) {
    if (law.status == LawStatus::not_applicable && law.why.empty()) law.why = "the law applied to no case";
  }
  report.families = families_;
  report.alarm = alarm_report();
  for (const auto& [contract, lengths] : lengths_) {
    ContractReport entry;
    entry.text = contract;
    entry.lengths = lengths;
    report.contracts.push_back(std::move(entry));
  }
  if (cases_ == 0) {
    report.mistrust.push_back(declines_ == 0 ? "no case was run" : "the kernel declined every case");
    return;
  }
  if (cases_ < needed) {
    report.mistrust.push_back(fmt::format("only {} of {} cases {} answered; a conforming verdict needs {}",
                                          cases_, report.planned, cases_ == 1 ? "was" : "were", needed));
  }
  if (report.outputs > 0 && all_zero_) report.mistrust.emplace_back("every output of every case is 0");
  for (std::size_t i = 0; i < families_.size(); ++i) {
    const FamilyReport& family = families_[i];
    if (!families()[i].certified) continue;
    if (auto why = why_weak(family.informative, family.outputs, " of family '" + family.name + "'"))
      report.mistrust.push_back(std::move(*why));
  }
}

}  // namespace attest::check
