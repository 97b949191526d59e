// Which code that runs each theorem is about.
#pragma once

#include <string>

namespace attest {

/// "recurrence.hpp: block, merge; lse.hpp: to_row": headers of src/attention and what of them the theorem's
/// statement calls; "the bound's arithmetic" for lemmas about formulas of src/oracle. Throws std::logic_error
/// for a theorem without an entry. A test compares the entries with the sources of the theorems.
std::string subject_of(const std::string& theorem);

/// Entries of theorems that have no template to call: about formulas, and about Horn clauses whose
/// derivations a test compares with the evaluator's traces.
inline constexpr const char* kBoundArithmetic = "the bound's arithmetic";
inline constexpr const char* kByTraces = "transformer/recompute.hpp, by its traces";

}  // namespace attest
