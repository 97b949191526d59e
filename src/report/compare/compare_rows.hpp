// What text and Markdown share of a comparison.
#pragma once

#include <string>
#include <vector>

#include "report/columns.hpp"
#include "report/compare/compare_text.hpp"

namespace attest::report {

/// "a is wrong; b conforms".
std::string verdict_sentence(const check::PairReport& report);
/// What was compared, and how far apart it is, a sentence each.
std::vector<std::string> difference_sentences(const check::PairReport& report);
/// "b gives 0.5 there, which is right".
std::string other_sentence(const check::PairReport& report, std::size_t kernel, std::size_t finding);
/// A row for each name, with the largest differences; the first column has this heading.
Columns difference_table(const std::string& heading, const check::DifferenceBook::Named& named);
/// A row and a column for each kernel.
Columns pair_matrix(const std::vector<std::string>& names, const std::vector<ComparedPair>& pairs);

}  // namespace attest::report
