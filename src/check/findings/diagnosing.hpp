// Compares a finding with known faults, on calls made for the purpose.
#pragma once

#include <vector>

#include "check/checker/checker.hpp"
#include "check/record/finding.hpp"

namespace attest::check {

class Diagnosing {
 public:
  /// `passed`: cases that broke no law. Both must outlive this.
  Diagnosing(Checker& checker, const std::vector<Problem>& passed) : checker_(checker), passed_(passed) {}

  /// Sets the finding's diagnosis. The evidence is the smallest case, what its law compared it with, cases as
  /// they were drawn, and cases that passed. Faults that explain it all are then put to more: the same
  /// problem with other numbers, and more cases that passed. If none does, faults in a part of the region are
  /// tried.
  void diagnose(Finding& finding);

  /// Sets the diagnosis to those of the faults, which the kernel is known to have, that explain the finding
  /// too. What a diagnosis among all faults leaves open, one with few suspects may decide.
  void recognise(Finding& finding, const std::vector<faults::Hypothesis>& known);

  /// Sets the finding's explanation, where one call shows it.
  void explain(Finding& finding);

 private:
  struct Known;

  Checker& checker_;
  const std::vector<Problem>& passed_;
};

/// What the diagnoses of the findings name.
std::vector<faults::Hypothesis> named_hypotheses(const std::vector<Finding>& findings);

/// Joins findings that one fault or one explanation covers; the most informative stands for the others.
std::vector<Finding> joined(std::vector<Finding> findings);

}  // namespace attest::check
