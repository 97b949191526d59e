// Comparisons of kernels for a terminal and as Markdown.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "check/compare/pair_report.hpp"

namespace attest::report {

/// A pair among several kernels, by their places in the list of names.
struct ComparedPair {
  std::size_t first = 0, second = 1;
  check::PairReport report;
};

/// "ONE IS WRONG   a; b conforms", "EQUIVALENT   a and b", with reasons where it cannot be told. On lines of
/// at most 80 columns.
std::string pair_verdict_text(const check::PairReport& report);

/// The verdict, the findings of each kernel with what the other one does there, and the differences in all,
/// by feature and by class of shapes. Lines have at most 80 columns.
std::string pair_text(const check::PairReport& report);

/// A row and a column for each kernel: "=" equal bits, "~" equivalent, "row" or "col" which of the two is
/// wrong, "both", "?" cannot be told, "" not compared.
std::string pair_matrix_text(const std::vector<std::string>& names, const std::vector<ComparedPair>& pairs);

/// All of it as Markdown.
std::string compare_markdown(const std::vector<std::string>& names, const std::vector<ComparedPair>& pairs);

}  // namespace attest::report
