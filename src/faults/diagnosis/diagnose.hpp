// Finds the known faults that explain a kernel's outputs.
#pragma once

#include <string>
#include <vector>

#include "faults/hypothesis.hpp"
#include "oracle/contract/contract.hpp"
#include "oracle/memo.hpp"
#include "problem/problem.hpp"

namespace attest::faults {

/// A problem and what the kernel returned for it.
struct Evidence {
  Problem problem;
  Result result;
};

struct Diagnosis {
  Hypothesis hypothesis;
  double alpha = 0;  ///< how much of the fault's signature is in the results: 1 for a kernel that has it
  double sigma = 0;  ///< its standard error; 0 if only NaN or infinity decided
  /// True: every output lies within the error bound of the fault's exact result, and at least one lies
  /// outside the bound of the correct result. False: ranked, by likelihood only.
  bool certified = false;
  bool tied = false;  ///< as likely as the first, given the evidence
  /// A report names it: the evidence does not separate it from the first, because it is as likely, or because
  /// it explains every output as well. The first is always named.
  bool named = false;
  /// Where the kernel has the fault, if not everywhere: "only at head dim 128". Outside, it is right.
  std::string condition{};

  std::string fault() const { return std::string(entry_of(hypothesis.fault).name); }
};

/// How many of its standard errors alpha must be. A search among all faults needs more than a look whether
/// one that the kernel is known to have is in this evidence too.
inline constexpr double kSigmasOfAnyFault = 4;
inline constexpr double kSigmasOfKnownFault = 2;

/// The faults that explain the evidence, best first, at most 6; empty: no known fault does. Of several
/// equally good ones, the simplest is first. A fault is ruled out as soon as one output lies outside the
/// error bound of its exact result. `contracts` are those of the problems. Only the hypotheses `among` are
/// considered. A pure function of the evidence.
std::vector<Diagnosis> diagnose(const std::vector<Evidence>& evidence,
                                const std::vector<const oracle::ContractSet*>& contracts,
                                const std::vector<Hypothesis>& among = all_hypotheses(),
                                double sigmas = kSigmasOfAnyFault);

/// Diagnoses of this process. Libraries for different CPUs often show a defect by the same bits.
using DiagnosisMemo = oracle::Memo<std::vector<Diagnosis>>;
DiagnosisMemo& diagnosis_memo();

/// Whether a report that shows the diagnosis names the fault, alone or as one of several.
bool names(const std::vector<Diagnosis>& diagnosis, KernelFault signature);

/// For several findings of one kernel: among tied faults, puts the one first that explains most findings.
void prefer_common(const std::vector<std::vector<Diagnosis>*>& findings);

/// "causal mask one key too far, in every row: alpha 1.0001 +- 0.0003, certified"
std::string diagnosis_text(const Diagnosis& diagnosis);
/// "none of the known faults"; "one of: ...; ...: alpha 1.0000 +- 0.0002, certified" if several are named, or
/// one whose results are those of another entry of the catalogue.
std::string diagnosis_text(const std::vector<Diagnosis>& diagnoses);

}  // namespace attest::faults
