// What each theorem rests on.
#pragma once

#include <string>
#include <vector>

#include "prove/theorem.hpp"

namespace attest::prove {

/// What is assumed of numbers of this kind, in words.
std::string assumptions_of(NumberKind numbers);

/// Whom it is asked of: "Z3, cvc5", "Z3 (Spacer)", "Gappa".
std::string deciders_of(const Theorem& theorem);

/// A Markdown table, one row a theorem: name, statement, of which code, numbers, asked of, refuted twin.
std::string trust_table(const std::vector<Theorem>& theorems);

/// The document with its table of theorems, between two lines of comment, made anew. Throws
/// std::invalid_argument where it has no such lines.
std::string with_trust_table(const std::string& document, const std::vector<Theorem>& theorems);

/// What proofs rest on that is tested and not proved, and what is neither: a sentence each, in Markdown.
const std::vector<std::string>& tested_only();
const std::vector<std::string>& assumed();

}  // namespace attest::prove
