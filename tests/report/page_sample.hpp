// Results made by hand for tests of the page, with words that try to break out of it.
#pragma once

#include <string>
#include <vector>

#include "check/record/kernel_report.hpp"

namespace attest::test {

/// Words with markup, quotes, a script, bytes that are no UTF-8, control characters and a change of
/// direction.
std::string hostile_words();

/// A finding on two rows of three keys, causal from the bottom right: row 0 returns 7 where 1.5 is right.
check::Finding two_row_finding();

/// A defective kernel with that finding, one with the same bits, one that conforms. Names and reasons are
/// hostile.
std::vector<check::KernelReport> hostile_reports();

}  // namespace attest::test
