// What each theorem rests on.
#pragma once

#include <string>
#include <vector>

#include "prove/theorem.hpp"

namespace attest {

/// What is assumed of numbers by a theorem of this semantics, in words.
std::string assumptions_of(const std::string& semantics);

/// Whom it is asked of: "Z3, cvc5", "Z3 (Spacer)", "Gappa".
std::string deciders_of(const Theorem& theorem);

/// A Markdown table, one row a theorem: name, statement, of which code, numbers, asked of, refuted twin.
std::string trust_table(const std::vector<Theorem>& theorems);

/// What proofs rest on that is tested and not proved, and what is neither: a sentence each, in Markdown.
const std::vector<std::string>& tested_only();
const std::vector<std::string>& assumed();

}  // namespace attest
