// A finding: one thing that a kernel does wrong, shown on the smallest case that still shows it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "oracle/judge.hpp"
#include "problem/problem.hpp"

namespace attest {

enum class FindingKind : std::uint8_t {
  wrong_value,       ///< a finite value outside the bound, or other bits where a law wants the same
  nan,               ///< NaN, or an infinity, where every correct kernel returns a finite value
  nondeterministic,  ///< the same call twice, different bits
  uninitialised,     ///< the result depends on what the output held before the call
  memory,            ///< an access outside the tensors
  input_mutated,     ///< the kernel wrote to its inputs
  crash,             ///< the worker died
  timeout,           ///< no answer within the time limit
  failed,            ///< the kernel returned a status that is neither ok nor unsupported
  lse,               ///< the log-sum-exp is wrong
};

/// The name in reports and JSON: "wrong-value", "input-mutated", ...
std::string_view name_of(FindingKind kind);
/// The inverse; returns false and leaves `kind` when the name is unknown.
bool finding_kind_from_name(std::string_view name, FindingKind& kind);

struct Finding {
  std::string law;  ///< the law that showed it first
  FindingKind kind = FindingKind::wrong_value;
  std::string summary;            ///< one sentence a kernel author can act on, without a final period
  std::string variant;            ///< what the law changed ("dominating logits"), empty when nothing
  Problem problem;                ///< the smallest case found; running the law on it again shows the same
  std::string contract;           ///< the contract judged against, as shown to people
  std::string declared_contract;  ///< what to give to contract_for on replay; empty: none declared
  std::vector<Element> elements;  ///< the worst elements, worst first; empty for crashes and timeouts.
                                  ///< For bit-for-bit laws, bound is 0 and expected what the law asks for.
  std::vector<std::string> laws;  ///< every law broken by the same cause, this one first
  std::int64_t cases = 1;         ///< cases of the campaign that showed it
  std::int64_t shrinks = 0;       ///< accepted shrinking steps between the first case and this one
  std::string first_seen;         ///< describe() of the case it was first seen on
  std::uint64_t seed = 0;         ///< of the campaign
  std::string file;               ///< path of the case file; empty when none was written
};

}  // namespace attest
