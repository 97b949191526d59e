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

  /// Sets the finding's explanation, where one call shows it.
  void explain(Finding& finding);

 private:
  struct Known;

  Checker& checker_;
  const std::vector<Problem>& passed_;
};

/// Joins findings that one fault or one explanation covers; the most informative stands for the others.
std::vector<Finding> joined(std::vector<Finding> findings);

}  // namespace attest::check
