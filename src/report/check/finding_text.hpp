// A finding for a terminal.
#pragma once

#include <cstddef>
#include <string>

#include "check/record/finding.hpp"

namespace attest::report {

/// The finding's sentence, its smallest case, expected and got, diagnosis, laws, and how to replay it, on
/// lines of at most 80 columns. `number` counts from 1.
std::string finding_text(const check::Finding& finding, std::size_t number);

}  // namespace attest::report
