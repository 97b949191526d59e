// Sentences for findings: which output is wrong, what it must be, and what the kernel returned.
#pragma once

#include <cstdint>
#include <string>

#include "oracle/judge/judge.hpp"
#include "problem/problem.hpp"

namespace attest::laws {

/// At most six significant digits: "2.5", "0.333333", "nan", "-inf".
std::string short_number(double x);

/// The same, with enough digits (at most 17) to distinguish it from another number.
std::string number_beside(double x, double other);

/// "row 3", "batch 1, head 0, row 3": only the parts that are needed to identify a row of this problem.
std::string where(const Problem& problem, const Place& place);

/// The expected value, in closed form where possible: "2.5, the mean of the visible values 1, 2, 3, 4", "3,
/// the only visible value", "0, because it sees no key", "1.25 +- 3e-07, a weighted mean of 3 visible
/// values".
std::string expectation(const Problem& problem, const oracle::Element& element);

/// "turn row 3 from 1 into 1.5", for laws that compare two runs.
std::string change_sentence(const Problem& problem, const oracle::Element& element);

/// "returns 1.5 where row 0 must be 2.5, the mean of ..."
std::string value_sentence(const Problem& problem, const oracle::Element& element);

}  // namespace attest::laws
