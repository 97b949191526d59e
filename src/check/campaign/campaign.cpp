#include "check/campaign/campaign.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "check/campaign/stepped.hpp"
#include "check/case_file/case_file.hpp"
#include "check/survey/form_survey.hpp"

namespace attest::check {
namespace {

// Each --require that the kernel declines is a finding.
void add_refusals(const CampaignLoop& loop, const std::string& declared, std::uint64_t seed,
                  KernelReport& report) {
  for (const Refusal& refusal : loop.refused()) {
    Finding finding;
    finding.law = name_of(laws::LawId::required);
    finding.kind = laws::FindingKind::declined;
    finding.summary = "declines " + refusal.what + ", which --require names";
    finding.problem = loop.prober().problem_of(refusal.outline);
    finding.laws = {finding.law};
    finding.declared_contract = declared;
    finding.first_seen = describe(finding.problem);
    finding.seed = seed;
    report.findings.push_back(std::move(finding));
  }
}

CampaignFacts facts_of(const CampaignLoop& loop, const CampaignOptions& options) {
  CampaignFacts facts;
  const Recorder& recorder = loop.recorder();
  facts.region.calls = recorder.exploring_calls();
  loop.region().describe(facts.region);
  recorder.describe_extents(facts.region);
  facts.uncovered = recorder.coverage().without_cases(loop.region());
  facts.declines_lse = loop.region().decided(Feature::lse) == Region::Decided::declined;
  facts.own_number = options.cases.has_value();
  facts.ends_after_first = options.cases_after_first.has_value();
  return facts;
}

void describe_region(const CampaignFacts& facts, KernelReport& report) {
  report.region = facts.region;
  std::vector<std::string> unmet = facts.uncovered;
  if (!facts.own_number && !report.stopped_early && !report.findings.empty()) unmet.clear();
  for (const std::string& name : unmet)
    report.region.not_examined.push_back(name + " (accepted, but covered by no case)");
  // A caller's own number of cases may be too small for all of them.
  const bool cut_short = facts.ends_after_first && report.first_broken;
  if (!facts.own_number && !cut_short && !unmet.empty() && report.cases > 0)
    report.mistrust.push_back(
        fmt::format("no case covers {}, which the kernel accepts", fmt::join(unmet, ", ")));
}

// A law is broken in a finding's words where one names it, and an lse that the kernel declines is no law of
// it.
void name_laws(bool declines_lse, KernelReport& report) {
  for (LawReport& law : report.laws) {
    if (law.name == name_of(laws::LawId::lse) && law.status == LawStatus::not_applicable && declines_lse)
      law.why = "the kernel declines lse";
    if (law.status != LawStatus::broken) continue;
    const auto finding = std::find_if(report.findings.begin(), report.findings.end(),
                                      [&](const Finding& f) { return f.law == law.name; });
    if (finding != report.findings.end()) law.why = finding->summary;
  }
}

Verdict verdict(const KernelReport& report) {
  if (!report.findings.empty()) return Verdict::defective;
  if (!report.alarm.suspicions.empty()) return Verdict::suspect;
  if (report.inferred && report.inferred->kind == RelaxationClass::narrower) return Verdict::suspect;
  return report.mistrust.empty() ? Verdict::conforming : Verdict::mistrusted;
}

// What a declared contract would have to say for a finding to be none.
void explain_findings(CampaignLoop& loop, KernelReport& report) {
  for (Finding& finding : report.findings) {
    if (loop.checker().contract(finding.problem).declared)
      finding.would_conform_under = loop.explainer().would_conform_under(finding);
  }
}

FormSurvey survey_of(CampaignLoop& loop, const CampaignOptions& options) {
  return {.spec = options.kernel_spec,
          .contract = loop.checker().declared(),
          .problems = size_of(options.effort).form_problems,
          .seed = options.seed,
          .dtype = options.dtype,
          .time_limit = loop.size().call_limit};
}

}  // namespace

void write_case_files(KernelReport& report, const CampaignOptions& options) {
  if (options.findings_dir.empty()) return;
  const std::string& spec = options.kernel_spec.empty() ? report.info.name : options.kernel_spec;
  write_case_files(report.findings, report.info.name, spec, options.findings_dir);
  InferredContract none;
  InferredContract& inferred = report.inferred ? *report.inferred : none;
  write_case_files(inferred.evidence, report.info.name + "-inferred", spec, options.findings_dir,
                   [&](CaseFile& file) {
                     file.inferred_fields = inferred.fields;
                     file.inferred_class = inferred.kind;
                   });
}

SteppedCampaign::SteppedCampaign(kernel::Kernel& kernel, const CampaignOptions& options)
    : kernel_(kernel),
      options_(options),
      remembering_(kernel),
      loop_(remembering_, options),
      earlier_(remembering_),
      progress_(options.progress, loop_.start(), loop_.size().budget_seconds) {
  loop_.add(earlier_);
  loop_.add(progress_);
  loop_.book().on_shrinking([this] { progress_.shrinking(); });
}

KernelReport SteppedCampaign::report(const CampaignEnd& end, Forms forms) {
  KernelReport report;
  report.info = kernel_.info();
  report.seed = options_.seed;
  report.planned = end.planned;
  report.stopped_early = !end.why_stopped.empty();
  report.why_stopped = end.why_stopped;
  report.first_broken = end.first_broken;
  loop_.recorder().ledger().fill(report, loop_.size().needed);
  report.coverage = loop_.recorder().coverage().report(loop_.size().crossing_cases);
  loop_.checker().describe(report);
  loop_.book().diagnose_all();
  report.shrink_steps_left_out = loop_.book().steps_left_out();
  report.findings = loop_.book().take();
  earlier_.settle(report.findings, loop_.checker());
  explain_findings(loop_, report);
  report.inferred = loop_.explainer().inferred();
  add_refusals(loop_, loop_.checker().declared(), options_.seed, report);
  conclude(report, facts());
  if (forms == Forms::surveyed && !report.stopped_early) {
    survey_forms(survey_of(loop_, options_), report);
    conclude_with_forms(report, facts());
  }
  write_case_files(report, options_);
  report.seconds = loop_.seconds();
  return report;
}

CampaignFacts SteppedCampaign::facts() const { return facts_of(loop_, options_); }

void conclude(KernelReport& report, const CampaignFacts& facts) {
  describe_region(facts, report);
  conclude_with_forms(report, facts);
}

void conclude_with_forms(KernelReport& report, const CampaignFacts& facts) {
  name_laws(facts.declines_lse, report);
  report.verdict = verdict(report);
}

KernelReport run_campaign(kernel::Kernel& kernel, const CampaignOptions& options) {
  SteppedCampaign campaign(kernel, options);
  const CampaignEnd end = campaign.loop().run();
  return campaign.report(end, Forms::surveyed);
}

}  // namespace attest::check
