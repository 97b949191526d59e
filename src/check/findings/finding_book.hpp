// Turns failing cases into a handful of findings: each shrunk, one a cause.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "check/checker/checker.hpp"
#include "check/outline/features.hpp"
#include "check/record/finding.hpp"
#include "check/shrink/walk.hpp"

namespace attest {

class Region;

/// A case is explained by a finding of its kind whose smallest problem needs no feature and no length that
/// the case lacks; a finding within the bound, where only an exact law is broken, explains neither values
/// outside it nor what breaks another law. Explained cases are only counted, except that every third of a
/// growing count is shrunk nevertheless, because a plain cause would else hide a second one for ever.
class FindingBook {
 public:
  FindingBook(Checker& checker, std::uint64_t seed) : checker_(checker), seed_(seed) {}

  /// What the kernel takes: nothing else is tried when a case shrinks.
  void stay_in(std::shared_ptr<const Region> region) { region_ = std::move(region); }
  /// No case shrinks beyond this time.
  void end_at(std::chrono::steady_clock::time_point end) { end_ = end; }

  /// `checked` has a broken law. Shrinks when the case is worth it.
  void add(const Problem& problem, const CheckedProblem& checked, Placement placement);

  /// Whether a finding explains the case already. Precondition: `checked` has a broken law.
  bool knows(const Problem& problem, const CheckedProblem& checked) {
    return explaining(problem, checked) != nullptr;
  }

  /// A case that broke no law: what it did not break tells faults apart. Keeps a few.
  void passed(const Problem& problem);

  /// Names the known faults that do what the findings show, and groups what one fault explains.
  void diagnose_all();

  /// Steps of shrinking that were not tried, since the kernel is known to decline them.
  std::int64_t steps_left_out() const { return *steps_left_out_; }

  const std::vector<Finding>& findings() const { return findings_; }
  std::vector<Finding> take() { return std::move(findings_); }

 private:
  Finding* explaining(const Problem& problem, const CheckedProblem& checked);
  bool worth_shrinking(const Finding* explained_by) const;
  Finding shrunk(const Problem& problem, const CheckedLaw& broken, Placement placement);
  void file(Finding finding);
  void note_laws(Finding& finding, const CheckedProblem& checked) const;
  void diagnose_one(Finding& finding);

  WalkLimits limits_for(FindingKind kind) const;

  Checker& checker_;
  std::uint64_t seed_;
  std::shared_ptr<const Region> region_;
  std::optional<std::chrono::steady_clock::time_point> end_;
  std::int64_t shrunk_count_ = 0;
  std::shared_ptr<std::int64_t> steps_left_out_ = std::make_shared<std::int64_t>(0);
  std::vector<Finding> findings_;
  std::vector<Problem> passed_;  ///< a ring
  std::size_t passed_count_ = 0;
};

/// Whether the smaller problem's cause can be at work in the larger: its essential features and its lengths
/// (a 0 counts as 1) are among the larger's. Dims, scale, dtype f32 and the wish for an lse are not
/// essential.
bool could_explain(const Problem& smaller, const Problem& larger);

}  // namespace attest
