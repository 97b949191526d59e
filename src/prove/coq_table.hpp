// What Coq proves, for docs/trust.md.
#pragma once

#include <string>

namespace attest::prove {

/// A Markdown table of the theorems that proofs/coq/theorems.txt lists. Throws std::invalid_argument
/// for a line of another form.
std::string coq_table(const std::string& theorems);

/// The document with that table, between two lines of comment, made anew. Throws std::invalid_argument where
/// it has no such lines.
std::string with_coq_table(const std::string& document, const std::string& theorems);

}  // namespace attest::prove
