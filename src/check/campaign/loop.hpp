// The loop of a campaign: plan a case, run it, tell the listeners.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "check/campaign/effort.hpp"
#include "check/campaign/planner.hpp"
#include "check/campaign/recorder.hpp"
#include "check/explain/explainer.hpp"
#include "check/explore/refusal.hpp"
#include "check/findings/blame.hpp"
#include "check/findings/finding_book.hpp"

namespace attest::check {

/// How a campaign ended.
struct CampaignEnd {
  std::int64_t ended = 0;  ///< cases, answered or not
  std::int64_t planned = 0;
  std::string why_stopped;                   ///< empty: it was not stopped early
  std::optional<std::int64_t> first_broken;  ///< the answered case, counted from 1, that first broke a law
};

class CampaignLoop {
 public:
  using Clock = std::chrono::steady_clock;

  /// `options` and the kernel must outlive this. Throws ContractError for a contract that does not parse.
  CampaignLoop(kernel::Kernel& kernel, const CampaignOptions& options);

  /// The listener must outlive run().
  void add(CampaignListener& listener) { listeners_.push_back(&listener); }

  CampaignEnd run();

  // The same in steps, for callers that choose the cases: begin(), take() or pass_over() each, end().
  void begin() { find_region(); }
  /// Draws the cases; `context` is that of the next problem. Valid as long as this object.
  Planner planner(std::function<GenContext()> context, std::function<bool(std::int64_t)> judges = {});
  GenContext context() const;
  void take(const CasePlan& plan);
  /// For a case that another part of the campaign judges: calls the kernel, to learn what it accepts.
  void pass_over(const CasePlan& plan);
  /// Why no more cases should be taken; empty: they should.
  std::string why_stop() const;
  CampaignEnd end();

  // What the loop works with, for the report.
  Clock::time_point start() const { return start_; }
  double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }
  const CampaignSize& size() const { return size_; }
  const Recorder& recorder() const { return recorder_; }
  const Region& region() const { return *region_; }
  const std::vector<Refusal>& refused() const { return refused_; }
  const Prober& prober() const { return prober_; }
  Checker& checker() { return checker_; }
  FindingBook& book() { return book_; }
  Explainer& explainer() { return explainer_; }

 private:
  template <class Event>
  void emit(const Event& event) {
    for (CampaignListener* listener : listeners_) event(*listener);
  }

  void find_region();
  std::vector<Problem> drawn(DType q, DType kv) const;
  void run_case(const CasePlan& plan);
  void run_prepared(const CasePlan& plan, const PreparedLaw& prepared);
  void note_declined(const CasePlan& plan, const Outline& outline);
  void note_accepted(const CasePlan& plan, const Outline& outline, bool gave_result);
  void end_case();
  CheckedProblem judged(const Problem& problem, CheckedProblem checked, kernel::Placement placement);
  CheckedProblem under_the_new_contract(const Problem& problem, const CheckedProblem& checked,
                                        kernel::Placement placement);
  bool add_culprit(const CheckedProblem& checked, kernel::Placement placement);
  bool seen_enough() const;
  /// Since the start, apart from what the kernel spent compiling for a device: the budget is for cases.
  double seconds_of_cases() const;

  kernel::Kernel& kernel_;
  const CampaignOptions& options_;
  CampaignSize size_;
  Checker checker_;
  Prober prober_;
  std::shared_ptr<Region> region_;
  std::vector<Refusal> refused_;
  FindingBook book_;
  Blame blame_;
  Explainer explainer_;
  Recorder recorder_;  ///< the first listener: the planner reads it
  LawTurns turns_;     ///< the planner reads them too
  std::vector<CampaignListener*> listeners_;
  Clock::time_point start_;
  std::int64_t ended_ = 0;                         ///< cases, answered or not
  std::chrono::duration<double> compiled_before_;  ///< by all kernels, when this campaign began
  std::int64_t answered_ = 0;
  std::int64_t timeouts_ = 0, failed_ = 0;
  std::optional<std::int64_t> first_broken_;
};

}  // namespace attest::check
