// A finding: one thing that a kernel does wrong, shown on the smallest case that still shows it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "faults/diagnosis/diagnose.hpp"
#include "kernel/kernel.hpp"
#include "laws/finding_kind.hpp"
#include "oracle/judge/judge.hpp"
#include "problem/problem.hpp"

namespace attest {

/// A wrong output.
inline bool is_value(FindingKind kind) {
  return kind == FindingKind::wrong_value || kind == FindingKind::nan;
}
/// A wrong output or lse.
inline bool is_number(FindingKind kind) { return is_value(kind) || kind == FindingKind::lse; }

struct Finding {
  std::string law;  ///< the law that showed it first
  FindingKind kind = FindingKind::wrong_value;
  std::string summary;  ///< one sentence a kernel author can act on, without a final period
  std::string variant;  ///< what the law changed ("dominating logits"), empty when nothing
  Placement placement = Placement::misaligned;  ///< of the tensors in memory
  Problem problem;                ///< the smallest case found; running the law on it again shows the same
  std::string contract;           ///< the contract judged against, as shown to people
  std::string declared_contract;  ///< what to give to contract_for on replay; empty: none declared
  std::vector<Element> elements;  ///< the worst elements, worst first; empty for crashes and timeouts.
                                  ///< For bit-for-bit laws, bound is 0 and expected what the law asks for.
  std::vector<std::string> laws;  ///< every law broken by the same cause, this one first
  std::int64_t cases = 1;         ///< cases of the campaign that showed it
  bool minimal = true;       ///< false: a limit ended the shrinking, so that it may hold what it needs not
  std::int64_t shrinks = 0;  ///< accepted shrinking steps between the first case and this one
  std::string first_seen;    ///< describe() of the case it was first seen on
  std::uint64_t seed = 0;    ///< of the campaign
  std::string file;          ///< path of the case file; empty when none was written
  std::vector<Problem> examples;  ///< a few of the cases as they were generated: what the diagnosis rests on
  /// Known faults that do what the kernel does, the best first; none: not a matter of values, or unknown.
  std::vector<Diagnosis> diagnosis;
  bool diagnosed = false;  ///< the known faults were tried on it
};

}  // namespace attest
