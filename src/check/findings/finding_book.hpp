// Turns failing cases into a few findings: each shrunk, one per cause.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "check/checker/checker.hpp"
#include "check/outline/features.hpp"
#include "check/record/finding.hpp"
#include "check/shrink/shrink_greedily.hpp"

namespace attest::check {

class Region;

/// A finding explains a case of the same kind if its smallest problem needs no feature and no length that the
/// case lacks, and fails in the case's dtypes too. A finding within the bound, where only an exact law is
/// broken, does not explain values outside the bound or other broken laws. Explained cases are only counted,
/// except that some of them, at growing intervals, are shrunk anyway, so that a simple cause does not hide a
/// second one.
class FindingBook {
 public:
  FindingBook(Checker& checker, std::uint64_t seed) : checker_(checker), seed_(seed) {}

  /// Sets what the kernel accepts. Shrinking stays inside it.
  void stay_in(std::shared_ptr<const Region> region) { region_ = std::move(region); }
  /// Sets the time at which shrinking ends.
  void end_at(std::chrono::steady_clock::time_point end) { end_ = end; }

  /// Called before each failure is shrunk, which takes long.
  void on_shrinking(std::function<void()> callback) { shrinking_ = std::move(callback); }

  /// Adds a failing case, and shrinks it if no finding explains it. Precondition: `checked` has a broken law.
  void add(const Problem& problem, const CheckedProblem& checked, kernel::Placement placement);

  /// The smallest case that breaks the worst law of this one, with its diagnosis. It becomes no finding.
  Finding smallest(const Problem& problem, const CheckedProblem& checked, kernel::Placement placement);

  /// Whether a finding already explains the case. Precondition: `checked` has a broken law.
  bool knows(const Problem& problem, const CheckedProblem& checked) {
    return explaining(problem, checked) != nullptr;
  }

  /// Adds a case that broke no law, which helps to distinguish faults. Keeps a few.
  void passed(const Problem& problem);

  /// Finds out in which of these dtypes each finding shows, so that findings of other parts of a campaign can
  /// be compared with them.
  void try_in(const std::vector<std::pair<DType, DType>>& dtypes);

  /// Diagnoses the findings by known faults, and joins findings that one fault explains.
  void diagnose_all();

  /// Number of shrinking steps that were not tried, because the kernel is known to decline them.
  std::int64_t steps_left_out() const { return *steps_left_out_; }

  const std::vector<Finding>& findings() const { return findings_; }
  std::vector<Finding> take() { return std::move(findings_); }

 private:
  bool shows_in_dtypes_of(Finding& finding, const Problem& problem);
  bool is_right_in(const Finding& finding, DType q, DType kv);
  bool have_one_cause_in_formats(Finding& a, Finding& b);
  Finding* explaining(const Problem& problem, const CheckedProblem& checked);
  bool worth_shrinking(const Finding* explained_by) const;
  Finding shrunk(const Problem& problem, const CheckedLaw& broken, kernel::Placement placement,
                 bool keeps_dtypes = false);
  void file(Finding finding);
  void note_laws(Finding& finding, const CheckedProblem& checked) const;
  void diagnose_one(Finding& finding);
  void recognise_known();

  ShrinkLimits limits_for(laws::FindingKind kind) const;

  Checker& checker_;
  std::uint64_t seed_;
  std::shared_ptr<const Region> region_;
  std::optional<std::chrono::steady_clock::time_point> end_;
  std::function<void()> shrinking_;
  std::int64_t shrunk_count_ = 0;
  std::shared_ptr<std::int64_t> steps_left_out_ = std::make_shared<std::int64_t>(0);
  bool in_other_formats_ = false;  ///< the last case asked about has a finding, but for its formats
  std::vector<Finding> findings_;
  std::vector<Problem> passed_;  ///< a ring
  std::size_t passed_count_ = 0;
};

}  // namespace attest::check
