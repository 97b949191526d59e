// Which known fault explains what a kernel returned?
#pragma once

#include <string>
#include <vector>

#include "faults/hypothesis.hpp"
#include "oracle/contract/contract.hpp"
#include "problem/problem.hpp"

namespace attest {

/// A problem and what the kernel returned for it.
struct Evidence {
  Problem problem;
  Result result;
};

struct Diagnosis {
  Hypothesis hypothesis;
  double alpha = 0;  ///< how much of the fault's signature is in the results: 1 for a kernel that has it
  double sigma = 0;  ///< its standard error; 0 where NaN or infinity alone told
  /// Every element lies within the error bound around the faulty kernel's exact value, and some element not
  /// within that around the correct one. Else the fault is the most likely of those known: ranked.
  bool certified = false;
  bool tied = false;  ///< as likely as the first, for what the evidence tells

  std::string fault() const { return std::string(entry_of(hypothesis.fault).name); }
};

/// The faults that explain the evidence, the best first, at most 6; empty: none of the known faults does.
/// Where several explain it equally well the simplest is first. A fault is refuted, and not named, where an
/// element lies beyond the error bound around what it gives exactly: a kernel that keeps its contract but for
/// this fault returns no such thing. `contracts` are those of the problems. A pure function of the evidence.
std::vector<Diagnosis> diagnose(const std::vector<Evidence>& evidence,
                                const std::vector<const ContractSet*>& contracts);

/// Several findings of one kernel: among faults that tie, the one that explains most findings comes first.
void prefer_common(const std::vector<std::vector<Diagnosis>*>& findings);

/// "causal mask one key too far, in every row: alpha 1.0001 +- 0.0003, certified"
std::string diagnosis_text(const Diagnosis& diagnosis);
/// "none of the known faults"
std::string diagnosis_text(const std::vector<Diagnosis>& diagnoses);

}  // namespace attest
