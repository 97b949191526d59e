// A finding: one bug of a kernel, with the smallest case that shows it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "faults/diagnosis/diagnose.hpp"
#include "kernel/kernel.hpp"
#include "laws/finding_kind.hpp"
#include "oracle/judge/judge.hpp"
#include "problem/problem.hpp"

namespace attest::check {

/// A wrong output.
inline bool is_value(laws::FindingKind kind) {
  return kind == laws::FindingKind::wrong_value || kind == laws::FindingKind::nan;
}
/// A wrong output or lse.
inline bool is_number(laws::FindingKind kind) { return is_value(kind) || kind == laws::FindingKind::lse; }

/// What the kernel returned on a smallest case.
struct SmallestResult {
  Result result;
  std::vector<Place> wrong;  ///< its numbers that are outside the bound, in the order of places
};

struct Finding {
  std::string law;     ///< the law that showed it first
  std::string form{};  ///< of the kernel's operator, in which it was asked; empty: of the kernel's choice
  laws::FindingKind kind = laws::FindingKind::wrong_value;
  std::string summary;  ///< one sentence for the kernel's author, without a final period
  std::string variant;  ///< what the law changed ("dominating logits"), empty when nothing
  kernel::Placement placement = kernel::Placement::misaligned;  ///< of the tensors in memory
  Problem problem;  ///< the smallest case found; evaluating the law on it reproduces the finding
  /// Calls that have to come before it in the same process. Empty: the failure needs none.
  std::vector<Problem> earlier;
  std::string contract;           ///< the contract judged against, as shown to people
  std::string declared_contract;  ///< the argument of contract_for on replay; empty: none declared
  /// the worst elements, worst first; empty for crashes and timeouts. For bit-for-bit laws, bound is 0 and
  /// expected is what the law requires.
  std::vector<oracle::Element> elements;
  /// Only of small cases that show the failure without a changed call, and show it again when they are called
  /// once more.
  std::optional<SmallestResult> result;
  kernel::CrashSite crash{};           ///< where the smallest case crashes
  std::vector<std::string> printed{};  ///< by the call of the smallest case that shows the failure
  std::vector<std::string> laws;       ///< every law broken by the same cause, this one first
  /// Other smallest cases of the same cause, in words; empty: none was seen.
  std::vector<std::string> symptoms;
  /// What separates the failing cases from those that are right: "right on the packed copy of its tensors";
  /// empty: not known.
  std::string explanation;
  /// Whether the smallest case fails in other dtypes of q and of k and v, where that was tried.
  std::map<std::pair<DType, DType>, bool> shows_in{};
  std::int64_t cases = 1;  ///< cases of the campaign that showed it
  bool minimal = true;     ///< false: a limit ended the shrinking, so the case may contain unnecessary parts
  std::int64_t shrinks = 0;       ///< accepted shrinking steps between the first case and this one
  std::string first_seen;         ///< describe() of the case it was first seen on
  std::uint64_t seed = 0;         ///< of the campaign
  std::string file;               ///< path of the case file; empty when none was written
  bool runs_command = false;      ///< replaying that file runs a command, which the user has to allow
  std::vector<Problem> examples;  ///< a few of the cases as they were generated: what the diagnosis rests on
  /// Known faults that match, best first. Empty: the finding is not about values, or no known fault matches.
  std::vector<faults::Diagnosis> diagnosis;
  bool diagnosed = false;  ///< the known faults were compared with it
  /// Fields of a contract under which all that was seen of this finding would be right, as with_fields reads
  /// them; empty: no relaxation explains it, or none was asked for.
  std::string would_conform_under;
};

}  // namespace attest::check
