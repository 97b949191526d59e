#include "check/shard/shard_run.hpp"

#include <optional>
#include <utility>

#include "check/findings/causes.hpp"

namespace attest::check {
namespace {

// Keeps what the part judged.
class Events final : public CampaignListener {
 public:
  explicit Events(const Explainer& explainer) : explainer_(explainer) {}

  void declined(const CasePlan& plan) override { left_out_ += plan.left_out; }
  void passed_over(const CasePlan& plan, const Outline& /*outline*/) override { left_out_ += plan.left_out; }
  void answered(const CasePlan& plan, const Outline& /*outline*/, const CheckedProblem& checked) override {
    left_out_ += plan.left_out;
    add(false, plan.family, plan.problem, checked);
  }
  void answered_prepared(const PreparedLaw& prepared, const CheckedProblem& checked) override {
    add(true, 0, prepared.problem, checked);
  }
  void case_ended(std::int64_t ended, std::int64_t /*planned*/, std::int64_t /*findings*/) override {
    number_ = ended;
  }

  std::int64_t left_out() const { return left_out_; }
  std::vector<ShardEvent> take() { return std::move(events_); }

 private:
  void add(bool prepared, std::size_t family, const Problem& problem, const CheckedProblem& checked) {
    const auto& inferred = explainer_.inferred();
    events_.push_back({.number = number_,
                       .prepared = prepared,
                       .family = family,
                       .where = describe(problem),
                       .fields = inferred ? inferred->fields : "",
                       .checked = checked});
    // Problems and elements are the findings' matter.
    for (CheckedLaw& law : events_.back().checked.laws) {
      if (!law.outcome.breach) continue;
      laws::Breach told;
      told.kind = law.outcome.breach->kind;
      told.summary = law.outcome.breach->summary;
      law.outcome.breach = std::move(told);
    }
  }

  const Explainer& explainer_;
  std::int64_t number_ = 0, left_out_ = 0;
  std::vector<ShardEvent> events_;
};

std::vector<DTypePair> accepted_dtypes(const Region& region) {
  std::vector<DTypePair> accepted;
  for (const DTypePair& dtypes : all_dtypes()) {
    if (region.decided(dtypes) == Region::Decided::accepted) accepted.push_back(dtypes);
  }
  return accepted;
}

// The checker asks the kernel in its own form.
std::vector<faults::Evidence> evidence_of(const Finding& finding, Checker& checker) {
  std::vector<faults::Evidence> evidence;
  if (!is_number(finding.kind) || !finding.form.empty()) return evidence;
  std::vector<const Problem*> problems{&finding.problem};
  for (const Problem& example : finding.examples) problems.push_back(&example);
  for (const Problem* problem : problems) {
    std::optional<Result> result = checker.answer(*problem, finding.placement);
    if (result && fit_for_diagnosis(*problem)) evidence.push_back({*problem, *std::move(result)});
  }
  return evidence;
}

bool shows_without_form(const Finding& finding, Checker& checker) {
  if (finding.form.empty()) return false;
  const laws::LawOutcome outcome =
      checker.check(finding.problem, *laws::find_law(finding.law), finding.placement);
  return outcome.standing == laws::LawStanding::broken && outcome.breach->kind == finding.kind;
}

}  // namespace

ShardRecord run_shard(kernel::Kernel& kernel, const CampaignOptions& options, const Shard& shard) {
  SteppedCampaign campaign(kernel, options);
  CampaignLoop& loop = campaign.loop();
  Events events(loop.explainer());
  loop.add(events);
  loop.begin();
  Planner planner =
      loop.planner([&] { return loop.context(); }, [&](std::int64_t number) { return shard.judges(number); });
  std::string why_stopped;
  for (std::int64_t n = 0; n < loop.size().planned && (why_stopped = loop.why_stop()).empty(); ++n) {
    const CasePlan plan = planner.next(n);
    shard.judges(n) ? loop.take(plan) : loop.pass_over(plan);
  }
  loop.book().try_in(accepted_dtypes(loop.region()));
  CampaignEnd end = loop.end();
  end.why_stopped = std::move(why_stopped);
  ShardRecord record;
  record.shard = shard;
  record.effort = name_of(options.effort);
  record.spec = options.kernel_spec.empty() ? kernel.info().name : options.kernel_spec;
  record.report = campaign.report(end, shard.index == 1 ? Forms::surveyed : Forms::left_out);
  record.needed = loop.size().needed;
  record.left_out = events.left_out();
  record.facts = campaign.facts();
  record.forms = record.report.region.forms;
  for (const Finding& finding : record.report.findings) {
    record.evidence.push_back(evidence_of(finding, loop.checker()));
    record.shows_without_form.push_back(shows_without_form(finding, loop.checker()));
  }
  record.events = events.take();
  return record;
}

}  // namespace attest::check
